'use strict';

// A copy of the package that every user may read, wherever the repository is.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.join(__dirname, '../..');
const BUILT = 'build/Release/process_memory_info.node';
const BINARIES = fs.existsSync(path.join(ROOT, BUILT)) ? BUILT : 'prebuilds';
const PARTS = ['package.json', 'lib', 'bin', BINARIES];

/** Creates the copy and returns its folder; the caller removes it. */
function makePublicCopy() {
  // On macOS the temporary folder has a link in its path, and modules have the path without links.
  const copy = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'process-memory-info-')));
  for (const part of PARTS) {
    fs.cpSync(path.join(ROOT, part), path.join(copy, part), { recursive: true });
  }
  execFileSync('chmod', ['-R', 'a+rX', copy]);
  return copy;
}

module.exports = { makePublicCopy };
