'use strict';

// The examples of the documentation, and a project to run them in.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.join(__dirname, '../..');

/** The code blocks of a page, each with its language. */
function examplesOf(page) {
  const text = fs.readFileSync(path.join(ROOT, page), 'utf8');
  return Array.from(text.matchAll(/^```(js|mjs|ts|sh)\n(.*?)^```$/gms), ([, language, code]) => ({
    language,
    code,
    title: code.split('\n').find((line) => line.trim() !== ''),
  }));
}

// The part of the result of app.getAppMetrics() that the examples use.
const ELECTRON = `exports.app = {
  whenReady: async () => {},
  getAppMetrics: () => [
    { pid: process.pid, type: 'Browser', memory: { workingSetSize: process.memoryUsage.rss() / 1024 } },
  ],
};`;

/** The other packages that the examples import. */
const PACKAGES = [
  '@opentelemetry',
  'pidtree',
  'pidusage',
  'prom-client',
  'ps-list',
  'systeminformation',
];

/** A project with all of them installed. */
function makeProject() {
  const project = fs.mkdtempSync(path.join(os.tmpdir(), 'process-memory-info-'));
  const modules = path.join(project, 'node_modules');
  fs.mkdirSync(path.join(modules, 'electron'), { recursive: true });
  fs.symlinkSync(ROOT, path.join(modules, 'process-memory-info'));
  for (const name of PACKAGES)
    fs.symlinkSync(path.join(ROOT, 'node_modules', name), path.join(modules, name));
  fs.writeFileSync(path.join(modules, 'electron/index.js'), ELECTRON);
  return project;
}

function runExample(project, { language, code }) {
  const file = `example.${language}`;
  fs.writeFileSync(path.join(project, file), code);
  return spawnSync(process.execPath, [file], { cwd: project, encoding: 'utf8' });
}

module.exports = { ROOT, examplesOf, makeProject, runExample };
