#!/usr/bin/env node
'use strict';

// process-memory-info-build: builds the addon from source, for a system that the package has no binary for. It takes
// what node-gyp takes: Python, make and a C and C++ compiler. Nothing runs this by itself.

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

if (!fs.existsSync(SOURCE)) fail('in a clone of the repository it is "npm run build"');

// On Windows npm is a batch file, which takes a shell.
const { status, error } = spawnSync(
  'npm',
  ['exec', '--yes', '--package=node-gyp@12', '--', 'node-gyp', 'rebuild', ...process.argv.slice(2)],
  {
    cwd: SOURCE,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    // binding.gyp asks Node.js for the folder of node-addon-api.
    env: { ...process.env, NODE_PATH: path.join(SOURCE, 'vendor') },
  },
);
if (error) fail(error.message);
if (status !== 0) fail('node-gyp failed; see above');

fs.mkdirSync(path.join(ROOT, path.dirname(BINARY)), { recursive: true });
fs.copyFileSync(path.join(SOURCE, BINARY), path.join(ROOT, BINARY));
fs.rmSync(path.join(SOURCE, 'build'), { recursive: true });
console.log(path.join(ROOT, BINARY));
