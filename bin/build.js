#!/usr/bin/env node
'use strict';

// process-memory-info-build: builds the addon from source on systems without a prebuilt binary. Requires what node-gyp
// requires: Python, make, and a C and C++ compiler. npm fetches node-gyp. Never runs automatically.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const SOURCE = path.join(ROOT, 'source');
const BINARY = 'build/Release/process_memory_info.node';

function fail(message) {
  console.error(`process-memory-info-build: ${message}`);
  process.exit(1);
}

function run(program, args, options) {
  const { status, error } = spawnSync(program, args, { cwd: SOURCE, stdio: 'inherit', ...options });
  if (error) fail(error.message);
  if (status !== 0) fail(`${program} ${args[0]} failed`);
}

if (!fs.existsSync(SOURCE)) fail('in a clone of the repository, run "npm run build" instead');

// On Windows npm is a batch file, which requires a shell.
run('npm', ['install', '--prefix', '.', '--ignore-scripts', '--no-package-lock', '--no-audit'], {
  shell: process.platform === 'win32',
});
const nodeGyp = path.join(SOURCE, 'node_modules/node-gyp/bin/node-gyp.js');
run(process.execPath, [nodeGyp, 'rebuild', ...process.argv.slice(2)]);

fs.mkdirSync(path.join(ROOT, path.dirname(BINARY)), { recursive: true });
fs.copyFileSync(path.join(SOURCE, BINARY), path.join(ROOT, BINARY));
for (const made of ['build', 'node_modules'])
  fs.rmSync(path.join(SOURCE, made), { recursive: true });
console.log(path.join(ROOT, BINARY));
