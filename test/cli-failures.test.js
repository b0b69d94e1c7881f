'use strict';

// Output and exit code of the command line when something fails.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const format = require('../lib/cli/format');
const { startFixture } = require('./helpers/child');
const { eventually } = require('./helpers/eventually');
const { makePublicCopy } = require('./helpers/public-copy');
const { skip } = require('./helpers/skip');

const CLI = path.join(__dirname, '../bin/memory-info.js');
const NO_PID = 2 ** 32 - 1;
const NOBODY = 65534;

const run = (...args) =>
  spawnSync(process.execPath, [CLI, ...args.map(String)], { encoding: 'utf8' });

/** Runs the command with a redirection of sh. */
const redirected = (redirection, ...args) =>
  spawnSync('sh', ['-c', `"$0" "$@" ${redirection}`, process.execPath, CLI, ...args.map(String)], {
    encoding: 'utf8',
  });

/** Requires root on Linux, to change the user or to create namespaces and control groups. */
function needsRoot(test) {
  if (process.platform !== 'linux' || process.getuid() !== 0) skip(test, 'requires root on Linux');
}

/** Runs the command as the user nobody, on itself with a hidden child of root. */
function runWithHiddenChild(copy, ...args) {
  const script = `mount -t proc -o hidepid=1 proc /proc && { sleep 5 > /dev/null & } &&
    exec setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups "$0" "$@" $$`;
  const cli = path.join(copy, 'bin/memory-info.js');
  return spawnSync('unshare', ['--mount', 'sh', '-c', script, process.execPath, cli, ...args], {
    encoding: 'utf8',
    cwd: copy,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_V8_COVERAGE: undefined },
    timeout: 10000,
  });
}

describe('memory-info, on failure', () => {
  it('exits with 1 if a process of a tree cannot be read', function () {
    needsRoot(this);
    const copy = makePublicCopy();
    try {
      const text = runWithHiddenChild(copy, '--tree');
      assert.match(text.stdout, /^\d+ could not be read: E[A-Z]+, /m);
      assert.equal(text.status, 1);
      const json = runWithHiddenChild(copy, '--tree', '--json');
      assert.equal(JSON.parse(json.stdout).unreadable.length, 1);
      assert.equal(json.status, 1);
    } finally {
      fs.rmSync(copy, { recursive: true });
    }
  });

  it('prints null with --json for a pid that fails', () => {
    for (const [args, expected] of [
      [[NO_PID], null],
      [['--tree', NO_PID], null],
      [[NO_PID, NO_PID], []],
    ]) {
      const { status, stdout } = run('--json', ...args);
      assert.deepEqual([status, JSON.parse(stdout)], [1, expected]);
    }
    const { system, processes } = JSON.parse(run('--json', '--system', '--tree', NO_PID).stdout);
    assert.ok(system.total > 0);
    assert.equal(processes, null);
  });

  it('escapes control characters in errors', () => {
    const { status, stderr } = run('\x1b]0;x\x07\u009b2J\u202e');
    assert.equal(stderr, "memory-info: '\ufffd]0;x\ufffd\ufffd2J\ufffd' is not a pid\n");
    assert.equal(status, 1);
  });

  it('escapes control characters with --json', async function () {
    if (process.platform !== 'linux') skip(this, 'requires a name that is set on Linux only');
    const name = 'a\u009b2J\x7f\u202e';
    const { pid } = await startFixture('named', Buffer.from(name).toString('hex'));
    const { stdout } = run('--json', '--tree', pid);
    assert.match(stdout, /^[\n -~]+$/);
    assert.equal(JSON.parse(stdout).processes[0].name, name);
  });

  it('reports that a limit may not be the tightest, and exits with 1', async function () {
    needsRoot(this);
    const group = path.join('/sys/fs/cgroup/memory', `process-memory-info-${process.pid}`);
    const file = path.join(group, 'inner/memory.limit_in_bytes');
    try {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, `${500 * 2 ** 20}`);
    } catch (error) {
      skip(this, error.message);
    }
    const copy = makePublicCopy();
    const child = await startFixture('chain', 1);
    try {
      fs.writeFileSync(path.join(group, 'inner/cgroup.procs'), String(child.pid));
      // The statistics of the inner group show its effective limit.
      for (const hidden of ['memory.limit_in_bytes', 'inner/memory.stat'])
        fs.chmodSync(path.join(group, hidden), 0o600);
      const { status, stdout } = spawnSync(
        process.execPath,
        [path.join(copy, 'bin/memory-info.js'), '--limit', String(child.pid)],
        { encoding: 'utf8', uid: NOBODY, gid: NOBODY, cwd: copy },
      );
      assert.match(stdout, /^ {2}limit +≤ 500\.0 MiB$/m);
      assert.match(stdout, /^ {2}a tighter limit may exist but could not be read$/m);
      assert.equal(status, 1);
    } finally {
      fs.rmSync(copy, { recursive: true });
      await child.stop();
      await eventually(() => {
        fs.rmdirSync(path.dirname(file));
        fs.rmdirSync(group);
      });
    }
  });

  it('prints the counters of more pids than a call has arguments', function () {
    if (process.platform === 'win32') skip(this, 'command lines are too short there');
    this.timeout(300000);
    const many = 25000; // 130,000 with a stack of the usual size
    const node = (...args) =>
      spawnSync(process.execPath, ['--stack-size=150', ...args], {
        encoding: 'utf8',
        maxBuffer: 2 ** 30,
      });
    assert.match(node('-e', `[].push(...Array(${many}))`).stderr, /Maximum call stack size/);
    const { status, stdout, stderr } = node(
      CLI,
      '--counters',
      ...Array(many).fill(`${process.pid}`),
    );
    assert.deepEqual([status, stderr], [0, '']);
    assert.equal(stdout.match(new RegExp(`^Counters of ${process.pid} `, 'gm')).length, many);
  });

  it('limits the indentation of a tree', () => {
    const infos = Array.from({ length: 10000 }, (_, index) => ({
      pid: index + 1,
      ppid: index,
      name: 'link',
      workingSetSize: 1,
    }));
    const total = { processes: infos.length, workingSetSize: infos.length };
    const text = format.tree({ pid: 1, processes: infos, total, unreadable: [] }, {});
    assert.ok(text.length < 200 * infos.length, `${text.length} characters`);
    assert.match(text, /\n +33 .*[^ ] {64,66}link\n/);
    assert.match(text, /[^ ] {64,66}\(9999\) link\n/);
  });

  it('reports in one line that its output could not be written', function () {
    if (!fs.existsSync('/dev/full')) skip(this, 'there is no /dev/full');
    const { status, stderr } = redirected('> /dev/full', process.pid);
    assert.match(stderr, /^memory-info: ENOSPC: [^\n]+\n$/);
    assert.equal(status, 1);
    const silent = redirected('2> /dev/full', 'x');
    assert.deepEqual([silent.status, silent.stdout, silent.stderr], [1, '', '']);
  });

  it('ends silently when its output is closed', function () {
    if (process.platform === 'win32') skip(this, 'there is no sh');
    for (const redirection of ['>&-', '2>&-', '| true']) {
      const { stderr } = redirected(redirection, process.pid, '--counters', '--tree');
      assert.equal(stderr, '', redirection);
    }
  });

  it('accepts -h', () => {
    const { status, stdout } = run('-h');
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: memory-info /);
  });
});
