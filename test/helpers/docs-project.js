'use strict';

// A project with this package and the files of a page of the documentation: the code blocks whose first line is a
// comment with a file name.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.join(__dirname, '../..');

/** Creates the project and returns its folder; the caller removes it. Other packages come from `modules`. */
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
