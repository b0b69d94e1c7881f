'use strict';

// Which binary is loaded, and the error if it is missing or does not load.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { makePublicCopy } = require('./helpers/public-copy');

const SYSTEM = `${process.platform}-${process.arch}`;
const BUILT = 'build/Release/process_memory_info.node';
const LIBC = process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
const TARGET = process.platform === 'linux' ? `${SYSTEM}-${LIBC}` : SYSTEM;
const PREBUILT = `prebuilds/${TARGET}.node`;
const ASK = "console.log(require('./lib').getMemoryInfo().pid === process.pid)";
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

describe('the binary', () => {
  let copy;

  function run(...flags) {
    const { NODE_OPTIONS, ...env } = process.env; // it may preload a file that is not allowed here
    return spawnSync(process.execPath, [...flags, '-e', ASK], { cwd: copy, env, encoding: 'utf8' });
  }

  const runCode = (code) =>
    spawnSync(process.execPath, ['-e', code], { cwd: copy, encoding: 'utf8' });

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

  it('is the prebuilt one without a local build', () => {
    prebuild(BUILT);
    const { status, stdout, stderr } = run();
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: 'true\n', stderr: '' });
  });

  it('is the local build in preference to the prebuilt one', () => {
    fs.writeFileSync(path.join(copy, 'not a library'), '');
    prebuild('not a library');
    assert.equal(run().stdout, 'true\n');
  });

  it('is not that of another package, built in the folder above', () => {
    prebuild(BUILT);
    // A bundle lies in the application's dist/, beside the application's own build/.
    fs.writeFileSync(path.join(copy, 'build/Release/process-memory-info.node'), 'not a library');
    assert.equal(run().stdout, 'true\n');
    for (const name of ['LIBC', 'npm_config_arch', 'npm_config_platform']) {
      process.env[name] = 'none';
      try {
        assert.equal(run().stdout, 'true\n', name);
      } finally {
        delete process.env[name];
      }
    }
  });

  it('is ignored if its exports are not those of this package', () => {
    prebuild(BUILT);
    // An addon that Node.js loads, in the place of the one that was built.
    const other = path.join(copy, 'build/Release/process_memory_info.node');
    fs.mkdirSync(other); // a folder is one that require() takes, and its exports are not ours
    fs.writeFileSync(path.join(other, 'index.js'), 'exports.readMemory = () => {};');
    assert.equal(run().stdout, 'true\n');
  });

  it('can be passed to useAddon() as a path or an object', () => {
    const file = path.join(copy, 'handed-over.node');
    fs.renameSync(path.join(copy, BUILT), file);
    for (const addon of [`'${file}'`, `require('${file}')`]) {
      const { stdout, stderr } = runCode(`require('./lib/addon').useAddon(${addon});${ASK}`);
      assert.deepEqual({ stdout, stderr }, { stdout: 'true\n', stderr: '' });
    }
  });

  it('is rejected by useAddon() if it is not ours or another one is loaded', () => {
    const { status, stderr } = runCode("require('./lib/addon').useAddon({ readMemory() {} })");
    assert.equal(status, 1);
    assert.match(stderr, /code: 'ERR_INVALID_ARG_TYPE'/);
    const late = runCode(
      "require('./lib'); require('./lib/addon').useAddon(require('./lib/binding').load())",
    );
    assert.match(late.stderr, /code: 'ERR_INVALID_STATE'/);
  });

  it('causes an error with the system and the build command if it is missing', () => {
    fs.rmSync(path.join(copy, BUILT));
    const { status, stderr } = run();
    assert.equal(status, 1);
    const message = `process-memory-info has no binary for ${SYSTEM}: run 'npx --no process-memory-info-build' to build it`;
    assert.ok(stderr.includes(message), stderr);
  });

  it('causes an error with the system and the build command if it does not load', () => {
    fs.writeFileSync(path.join(copy, BUILT), 'not a library');
    const { status, stderr } = run();
    assert.equal(status, 1);
    assert.match(stderr, /the binary failed to load on .*run 'npx --no process-memory-info-build'/);
    assert.ok(stderr.includes(SYSTEM));
    assert.match(stderr, /failed to load on .*: [^\n]+; run '/);
    assert.match(stderr, /code: 'ERR_DLOPEN_FAILED'/);
  });

  it('causes an error with the flag if addons are forbidden', () => {
    const { status, stderr } = run(PERMISSION, '--allow-fs-read=*');
    assert.equal(status, 1);
    assert.match(stderr, /--permission also requires --allow-addons/);
    assert.match(stderr, /code: 'ERR_DLOPEN_DISABLED'/);
    // It reads the files of the package, and none of the system.
    const mayRead = `--allow-fs-read=${copy}/*`;
    prebuild(BUILT);
    assert.equal(run(PERMISSION, mayRead, '--allow-addons').stdout, 'true\n');
  });
});
