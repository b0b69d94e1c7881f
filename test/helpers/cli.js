'use strict';

// Runs the command line for the tests.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { runNode } = require('./child');

const CLI = path.join(__dirname, '../../bin/memory-info.js');

/** Runs "memory-info run" until it exits; `options` are those of spawnSync(). */
function runCommand(args, options = {}) {
  const { status, signal, stdout, stderr } = runNode([CLI, 'run', ...args], options);
  return { status, signal, stdout, stderr };
}

const started = new Set();

/** Kills the processes of startCommand() and their descendants. */
function killCommands() {
  for (const { pid } of started) process.kill(-pid, 'SIGKILL');
  started.clear();
}

/** Starts it; `ended` is a promise of {status, signal, stdout, stderr}. */
function startCommand(args, options = {}) {
  const child = spawn(process.execPath, [CLI, 'run', ...args], { detached: true, ...options });
  started.add(child);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name]?.setEncoding('utf8').on('data', (text) => {
      output[name] += text;
    });
  child.output = output;
  child.ended = new Promise((resolve) => {
    child.once('close', (status, signal) => {
      started.delete(child);
      resolve({ status, signal, ...output });
    });
  });
  return child;
}

/** Calls `body` with a temporary folder, and removes it. */
async function withFolder(body) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'process-memory-info-'));
  try {
    return await body(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** The records of a recording. */
const readRecords = (file) =>
  fs
    .readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Runs "memory-info run" with a recording; returns its result, the records, and the last record. */
const recordCommand = (args, options) =>
  withFolder((folder) => {
    const file = path.join(folder, 'x.jsonl');
    const ended = runCommand(['-i', '50ms', '-o', file, ...args], options);
    const records = readRecords(file);
    return { ...ended, records, summary: records.at(-1) };
  });

module.exports = {
  recordCommand,
  CLI,
  killCommands,
  readRecords,
  runCommand,
  startCommand,
  withFolder,
};
