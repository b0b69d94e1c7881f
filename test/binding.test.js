'use strict';

// Which binary is loaded, and what is said where none is or where it does not load.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { makePublicCopy } = require('./helpers/public-copy');

const SYSTEM = `${process.platform}-${process.arch}`;
const BUILT = 'build/Release/process_memory_info.node';
// What node-gyp-build takes on every libc.
const PREBUILT = `prebuilds/${SYSTEM}/process-memory-info.node`;
const ASK = "console.log(require('./lib').getMemoryInfo().pid === process.pid)";
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

describe('the binary', () => {
  let copy;

  function run(...flags) {
    const { NODE_OPTIONS, ...env } = process.env; // it may load something that is not allowed here
    return spawnSync(process.execPath, [...flags, '-e', ASK], { cwd: copy, env, encoding: 'utf8' });
  }

  function prebuild(from) {
    fs.mkdirSync(path.join(copy, path.dirname(PREBUILT)), { recursive: true });
    fs.renameSync(path.join(copy, from), path.join(copy, PREBUILT));
  }

  beforeEach(() => {
    copy = makePublicCopy();
  });

  afterEach(() => {
    fs.rmSync(copy, { recursive: true });
  });

  it('is the prebuilt one where none was built', () => {
    prebuild(BUILT);
    const { status, stdout, stderr } = run();
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: 'true\n', stderr: '' });
  });

  it('is the one that was built rather than the prebuilt one', () => {
    fs.writeFileSync(path.join(copy, 'not a library'), '');
    prebuild('not a library');
    assert.equal(run().stdout, 'true\n');
  });

  it('is found beside a bundle', () => {
    prebuild(BUILT);
    // As a bundler leaves it: this file's code under another name, in another folder.
    fs.mkdirSync(path.join(copy, 'dist'));
    fs.renameSync(path.join(copy, 'lib/binding.js'), path.join(copy, 'dist/bundle.js'));
    fs.renameSync(path.join(copy, 'prebuilds'), path.join(copy, 'dist/prebuilds'));
    fs.rmSync(path.join(copy, 'lib'), { recursive: true });
    const { stdout } = spawnSync(
      process.execPath,
      ['-p', "typeof require('./dist/bundle').readMemory"],
      {
        cwd: copy,
        encoding: 'utf8',
      },
    );
    assert.equal(stdout, 'function\n');
  });

  it('that is missing is an error that names the system and the command', () => {
    fs.rmSync(path.join(copy, BUILT));
    const { status, stderr } = run();
    assert.equal(status, 1);
    const message = `process-memory-info has no binary for ${SYSTEM}: run 'npx --no process-memory-info-build' to build it`;
    assert.ok(stderr.includes(message), stderr);
  });

  it('that does not load is an error that names the system and the command', () => {
    fs.writeFileSync(path.join(copy, BUILT), 'not a library');
    const { status, stderr } = run();
    assert.equal(status, 1);
    assert.match(stderr, /its binary does not load on .*run 'npx --no process-memory-info-build'/);
    assert.ok(stderr.includes(SYSTEM));
    assert.match(stderr, /code: 'ERR_DLOPEN_FAILED'/);
  });

  it('that may not be loaded is an error that names the flag', () => {
    const { status, stderr } = run(PERMISSION, '--allow-fs-read=*');
    assert.equal(status, 1);
    assert.match(stderr, /takes --allow-addons, too/);
    assert.match(stderr, /code: 'ERR_DLOPEN_DISABLED'/);
    assert.equal(run(PERMISSION, '--allow-fs-read=*', '--allow-addons').stdout, 'true\n');
  });
});
