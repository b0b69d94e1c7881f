'use strict';

// A project that has this package installed, and the files that a page of the documentation shows: those blocks of code
// whose first line is a comment with a file's name.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.join(__dirname, '../..');

/** Makes the project and returns its folder; the caller removes it. Other packages are taken from `modules`. */
function makeProject(page, modules) {
  const project = fs.mkdtempSync(path.join(os.tmpdir(), 'process-memory-info-'));
  fs.cpSync(modules, path.join(project, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  fs.symlinkSync(ROOT, path.join(project, 'node_modules/process-memory-info'));
  const text = fs.readFileSync(path.join(ROOT, 'docs', page), 'utf8');
  const blocks = text.matchAll(/^```js\n\/\/ (\S+\.m?js)\n(.*?)^```$/gms);
  for (const [, file, code] of blocks) fs.writeFileSync(path.join(project, file), code);
  return project;
}

module.exports = { makeProject };
