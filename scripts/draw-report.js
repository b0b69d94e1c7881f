'use strict';

// Draws docs/report-light.png and docs/report-dark.png: the page of `memory-info report` for a full build of this addon
// with two jobs at a time. Needs the Debian packages `chromium` and `fonts-dejavu-core`.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const { launch } = require('../test/helpers/browser');

const ROOT = path.join(__dirname, '..');
const CLI = path.join(ROOT, 'bin/memory-info.js');
const BUILD = ['npx', 'node-gyp', 'rebuild', '--jobs', '2'];
const SIZE = { width: 1000, height: 890 };

/** Builds a copy of this project and returns the page. */
function record(folder) {
  const project = path.join(folder, 'project');
  const page = path.join(folder, 'build.html');
  execFileSync('git', ['worktree', 'add', '--detach', project], { cwd: ROOT });
  try {
    fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(project, 'node_modules'));
    const run = [CLI, 'run', '-i', '50ms', '-o', page, '--', ...BUILD];
    execFileSync(process.execPath, run, { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] });
  } finally {
    execFileSync('git', ['worktree', 'remove', '--force', project], { cwd: ROOT });
  }
  return page;
}

async function draw(page) {
  const browser = await launch();
  try {
    const tab = await browser.newPage();
    await tab.setViewport(SIZE);
    for (const theme of ['light', 'dark']) {
      await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
      await tab.goto(pathToFileURL(page).href);
      await tab.screenshot({ path: path.join(ROOT, `docs/report-${theme}.png`) });
    }
  } finally {
    await browser.close();
  }
}

async function main() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'process-memory-info-report-'));
  try {
    await draw(record(folder));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

main();
