'use strict';

// The published files: these, and no others.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { readPacked } = require('../scripts/read-packed');
const { plainEnv } = require('./helpers/plain-env');

const ROOT = path.join(__dirname, '..');

const FILES = [
  'LICENSE',
  'README.md',
  'bin/build.js',
  'bin/memory-info.js',
  'index.d.ts',
  'package.json',
  'source/binding.gyp',
  'source/core.gypi',
  'source/package.json',
];

/** All files of a folder in the repository. */
function tracked(folder) {
  return execFileSync('git', ['ls-files', folder], { cwd: ROOT, env: plainEnv, encoding: 'utf8' })
    .trim()
    .split('\n');
}

describe('the package', () => {
  let packed;

  before(() => {
    const output = execFileSync('npm', ['pack', '--dry-run', '--json'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      shell: process.platform === 'win32', // there npm is a batch file
    });
    packed = readPacked(output);
  });

  it('contains the expected files, besides prebuilt binaries', () => {
    const expected = [
      ...FILES,
      ...tracked('docs').filter((file) => !file.endsWith('.png')),
      ...tracked('lib'),
      ...tracked('src').map((file) => `source/${file}`),
    ];
    const found = packed.files.map((file) => file.path);
    assert.deepEqual(
      found.filter((file) => !file.startsWith('prebuilds/')).sort(),
      expected.sort(),
    );
  });

  it('contains prebuilt binaries for known targets only', () => {
    const { targets } = require('../scripts/prebuilds/targets');
    const known = Object.keys(targets).map((target) => `prebuilds/${target}.node`);
    for (const file of packed.files) {
      if (file.path.startsWith('prebuilds/')) assert.ok(known.includes(file.path), file.path);
    }
  });

  it('loads binaries by literal paths, those of the list of targets', () => {
    const { targets } = require('../scripts/prebuilds/targets');
    const code = fs.readFileSync(path.join(ROOT, 'lib/binding.js'), 'utf8');
    const found = code.match(/^.*require\('\.\.\/prebuilds.*$/gm);
    const expected = Object.keys(targets).map(
      (name) => `  '${name}': () => require('../prebuilds/${name}.node'),`,
    );
    assert.deepEqual(found, expected);
  });

  it('is no larger than 3 MB', () => {
    assert.ok(packed.unpackedSize <= 3e6, `${packed.unpackedSize} bytes`);
  });

  it('has no install script', () => {
    const { scripts, dependencies } = require('../package.json');
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare'])
      assert.equal(scripts[name], undefined, name);
    assert.deepEqual(dependencies, {});
  });

  it('leaves no files behind after packing', () => {
    assert.equal(fs.existsSync(path.join(ROOT, 'source')), false);
  });
});
