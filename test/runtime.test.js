'use strict';

// The C++ runtime of the prebuilt binaries, scripts/prebuilds/runtime.cc. Requires the compiler that builds these.

const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { targets } = require('../scripts/prebuilds/targets');
const { plainEnv } = require('./helpers/plain-env');

const ROOT = path.join(__dirname, '..');
const RUNTIME = path.join(ROOT, 'scripts/prebuilds/runtime.cc');
const target = targets[`${process.platform}-${process.arch}-glibc`]?.zig;
const FLAGS = [
  '-target',
  target,
  '-std=c++17',
  '-O2',
  '-fno-exceptions',
  '-fno-rtti',
  '-fno-threadsafe-statics',
];
const ABORTED = { status: null, signal: 'SIGABRT', stdout: '' };

const run = (program, ...args) => {
  const { status, signal, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: plainEnv,
  });
  return { status, signal, stdout, stderr };
};

describe('the C++ runtime of the prebuilt binaries (Linux; requires the compiler that npm run prebuilds installs)', () => {
  let zig;
  let folder;
  let program;

  before(function () {
    if (target === undefined) this.skip();
    const script = '. scripts/tools.sh && echo "$zig"';
    zig = execFileSync('bash', ['-c', script], { cwd: ROOT, encoding: 'utf8' }).trim();
    if (!fs.existsSync(zig)) this.skip();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'process-memory-info-'));
    program = path.join(folder, 'runtime');
    const objects = [RUNTIME, path.join(__dirname, 'runtime/runtime.cc')].map((source, index) => {
      const object = path.join(folder, `${index}.o`);
      execFileSync(zig, ['c++', ...FLAGS, '-c', source, '-o', object]);
      return object;
    });
    // As C, so that libc++ is not linked.
    execFileSync(zig, ['cc', '-target', target, ...objects, '-o', program]);
  });

  after(() => {
    if (folder !== undefined) fs.rmSync(folder, { recursive: true });
  });

  it('allocates, and has strings and shared pointers that free their memory', () => {
    assert.deepEqual(run(program), { status: 0, signal: null, stdout: '', stderr: '' });
  });

  it('aborts with a message if memory runs out', () => {
    const { stderr, ...rest } = run(program, 'memory');
    assert.deepEqual(rest, ABORTED);
    assert.equal(stderr, 'process-memory-info: out of memory\n');
  });

  it('aborts with a message where libc++ would throw', () => {
    const { stderr, ...rest } = run(program, 'range');
    assert.deepEqual(rest, ABORTED);
    assert.match(stderr, /basic_string/);
  });

  it('aborts if a pure virtual function is called', () => {
    assert.deepEqual(run(program, 'virtual'), { ...ABORTED, stderr: '' });
  });

  it('does not compile with another version of libc++', () => {
    const other = path.join(folder, 'other.cc');
    const version = '#undef _LIBCPP_VERSION\n#define _LIBCPP_VERSION 220100';
    fs.writeFileSync(other, `#include <version>\n${version}\n#include "${RUNTIME}"\n`);
    const { status, stderr } = run(zig, 'c++', ...FLAGS, '-c', other, '-o', `${other}.o`);
    assert.notEqual(status, 0);
    assert.match(stderr, /error: "written for libc\+\+ 21\.1/);
  });
});
