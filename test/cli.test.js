'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { version } = require('../package.json');
const { runNode, startNode, startFixture } = require('./helpers/child');
const { tellsFootprints, tellsLimitsOfChildren } = require('./helpers/abilities');
const { makePublicCopy } = require('./helpers/public-copy');
const { skip } = require('./helpers/skip');

const CLI = path.join(__dirname, '../bin/memory-info.js');

function run(...args) {
  const { status, stdout, stderr } = runNode([CLI, ...args.map(String)]);
  return { status, stdout, stderr };
}

const SIZE = String.raw`\s+(\d+ KiB|\d+\.\d [MGT]iB)`;
// Linux reports values for all columns; other systems may not.
const CELL = process.platform === 'linux' ? SIZE : SIZE.replace('(', '(-|');

describe('memory-info', () => {
  it('prints a table with a header', () => {
    const { status, stdout, stderr } = run(process.pid, process.pid);
    const lines = stdout.split('\n');
    assert.match(lines[0], /^ *PID +WORKING SET +PEAK +PRIVATE +SHARED$/);
    assert.match(lines[1], new RegExp(`^ *${process.pid}${SIZE}${CELL.repeat(3)}$`));
    assert.equal(lines[1], lines[2]);
    assert.equal(lines[0].length, lines[1].length, 'the columns are aligned');
    assert.equal(lines.length, 4);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  });

  it('shows the process that started it by default', () => {
    assert.equal(JSON.parse(run('--json').stdout).pid, process.pid);
  });

  it('prints the objects of the API with --json', async () => {
    const { pid } = await startNode();
    const one = JSON.parse(run('--json', pid).stdout);
    assert.deepEqual(Object.keys(one), Object.keys(require('..').getMemoryInfo(pid)));
    assert.equal(one.pid, pid);
    const two = JSON.parse(run('--json', pid, process.pid).stdout);
    assert.deepEqual(
      two.map((info) => info.pid),
      [pid, process.pid],
    );
    const tree = JSON.parse(run('--json', '--tree', pid).stdout);
    assert.deepEqual(Object.keys(tree), ['pid', 'processes', 'total', 'unreadable']);
  });

  it('draws a tree with its total', async function () {
    if (process.platform !== 'linux') skip(this, 'the chain of processes is created on Linux only');
    const { pid } = await startFixture('chain', 4);
    const lines = run('--tree', pid).stdout.trimEnd().split('\n');
    assert.match(lines[0], /NAME$/);
    for (let depth = 0; depth < 4; depth++)
      assert.match(lines[depth + 1], new RegExp(`  {${2 * depth}}fixture$`));
    assert.match(lines[5], /total of 4 /);
    assert.equal(lines.length, 6);
  });

  it('prints every process with --all', async () => {
    const { pid } = await startNode();
    const { status, stdout } = run('--all');
    const { processes, total, unreadable } = JSON.parse(run('--all', '--json').stdout);
    assert.equal(status, unreadable.length > 0 ? 1 : 0);
    assert.ok(processes.some((info) => info.pid === pid));
    assert.equal(total.processes, processes.length);
    assert.match(stdout, new RegExp(`^ *${pid} .* {2}${path.parse(process.execPath).name}`, 'm'));
    assert.match(stdout, /^ .* {2}total of \d+ /m);

    const tree = run('--all', '--tree', '--system').stdout;
    assert.match(tree, /^System\n/);
    assert.match(tree, new RegExp(`^ *${process.pid} `, 'm'));
    assert.match(tree, new RegExp(`^ *${pid} .* {4}${path.parse(process.execPath).name}`, 'm'));
    const { system, processes: all } = JSON.parse(run('--all', '--system', '--json').stdout);
    assert.ok(system.total > 0 && all.processes.length > 0);
  });

  it('prints what it can read, reports the rest, and exits with 1', () => {
    const { status, stdout, stderr } = run(2 ** 32 - 1, process.pid);
    assert.equal(status, 1);
    assert.match(stderr, /^memory-info: ESRCH: no such process, /);
    assert.equal(stdout.split('\n').length, 3);
    assert.match(stdout, new RegExp(`\\n *${process.pid} `));

    const none = run('--json', 2 ** 32 - 1);
    assert.deepEqual([none.status, none.stdout], [1, 'null\n']);
  });

  for (const args of [
    ['x'],
    ['-1'],
    ['1.5'],
    ['--no-such'],
    ['99999999999'],
    ['--json=1'],
    ['--all', '1'],
    ['--all', '--limit'],
  ]) {
    it(`rejects ${args.join(' ')}`, () => {
      const { status, stdout, stderr } = run(...args);
      assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
      assert.match(stderr, /^memory-info: /);
      assert.doesNotMatch(stderr, /^ {4}at /m);
    });
  }

  it('prints footprints, counters and limits as JSON', async () => {
    const { pid } = await startNode();
    const all = ['--counters', '--limit', '--system'];
    if (tellsFootprints) all.push('--footprint');
    const { system, processes } = JSON.parse(run('--json', ...all, pid).stdout);
    assert.ok(system.total > 0);
    assert.equal(processes.pid, pid);
    if (tellsFootprints) assert.equal(processes.footprint.pid, pid);
    assert.equal(processes.counters.platform, process.platform);
    assert.equal('limit' in processes, tellsLimitsOfChildren);

    const tree = JSON.parse(run('--json', '--tree', ...all, pid).stdout).processes;
    if (tellsFootprints) {
      assert.equal(tree.total.footprint.covered, 1);
      assert.equal(tree.processes[0].footprint.method, processes.footprint.method);
    }
    assert.equal(tree.processes[0].counters.platform, process.platform);
    assert.equal('limit' in tree, tellsLimitsOfChildren);

    assert.deepEqual(Object.keys(JSON.parse(run('--json', '--system').stdout)).slice(0, 2), [
      'total',
      'free',
    ]);
  });

  it('prints footprints, counters and limits as text', async () => {
    const { pid } = await startNode();
    const { status, stdout } = run('--footprint', '--counters', '--limit', '--system', pid);
    assert.equal(status, tellsFootprints && tellsLimitsOfChildren ? 0 : 1);
    assert.match(stdout, /^System\n {2}total +\d+\.\d GiB\n/);
    assert.match(
      stdout,
      new RegExp(
        `^ *PID .* SHARED +FOOTPRINT +USS +PSS +SWAP\\n *${pid}${SIZE}${CELL.repeat(7)}$`,
        'm',
      ),
    );
    assert.match(
      stdout,
      new RegExp(`^Counters of ${pid} \\(${process.platform}\\)\\n  \\w+ +\\d`, 'm'),
    );
    const limit = new RegExp(`^Limit of ${pid}\\n  (none|limit|high)`, 'm');
    assert.equal(limit.test(stdout), tellsLimitsOfChildren);
    const tree = run('--tree', '--footprint', '--counters', '--limit', pid).stdout;
    assert.match(tree, /SWAP {2}NAME$/m);
    assert.match(tree, new RegExp(`^Counters of ${pid} `, 'm'));
    assert.equal(limit.test(tree), tellsLimitsOfChildren);
    assert.match(run('--system').stdout, /^System\n/);
    assert.doesNotMatch(run('--system').stdout, /PID/);
    assert.match(run('--system', '--tree').stdout, /NAME/);
  });

  it('prints the other values if one cannot be read', function () {
    if (process.platform !== 'linux' || process.getuid() !== 0)
      skip(this, 'requires root, to run as a user who is refused');
    // The user nobody may not write to the folder of a coverage run, which spawn() passes on by default.
    const env = { ...process.env, NODE_V8_COVERAGE: undefined };
    const copy = makePublicCopy();
    const asNobody = (...args) =>
      spawnSync(
        process.execPath,
        [path.join(copy, 'bin/memory-info.js'), ...args, String(process.pid)],
        { encoding: 'utf8', env, uid: 65534, gid: 65534, cwd: copy },
      );
    try {
      const { status, stdout, stderr } = asNobody('--footprint');
      assert.equal(status, 1);
      assert.match(stderr, /^memory-info: EACCES: permission denied, open '.*smaps_rollup'\n$/);
      assert.match(stdout, new RegExp(`\\n *${process.pid}${SIZE.repeat(4)}( +-){4}\\n$`));

      const tree = asNobody('--tree', '--footprint');
      assert.equal(tree.status, 0);
      assert.match(tree.stdout, /~\d/);
      assert.match(tree.stdout, /, \d footprints exact$/m);
    } finally {
      fs.rmSync(copy, { recursive: true });
    }
  });

  it('prints its help and its version', () => {
    assert.match(run('--help').stdout, /^Usage: memory-info /);
    assert.equal(run('--version').stdout, `${version}\n`);
  });

  it('does not fail if its reader stops early', function () {
    if (process.platform === 'win32') skip(this, 'there is no sh');
    const script =
      'i=0; while [ $i -lt 5 ]; do "$0" "$@" || echo failed >&2; i=$((i+1)); done | head -1';
    const pids = Array.from({ length: 3000 }, () => String(process.pid));
    const { stdout, stderr } = spawnSync('sh', ['-c', script, process.execPath, CLI, ...pids], {
      encoding: 'utf8',
    });
    assert.match(stdout, /^ *PID .*\n$/);
    assert.equal(stderr, '');
  });

  (process.platform === 'linux' ? it : it.skip)(
    'prints escapes only to a terminal, without NO_COLOR',
    () => {
      // script(1) runs a command in a new terminal.
      const inTerminal = (env) =>
        spawnSync('script', ['-qec', `${process.execPath} ${CLI} ${process.pid}`, '/dev/null'], {
          encoding: 'utf8',
          env: { ...process.env, NO_COLOR: '', ...env },
        }).stdout;
      assert.ok(inTerminal({}).includes('\x1b[1m'));
      assert.ok(!inTerminal({ NO_COLOR: '1' }).includes('\x1b'));
      assert.ok(!run(process.pid).stdout.includes('\x1b'));
    },
  );

  it('escapes control characters in names', async function () {
    if (process.platform !== 'linux') skip(this, 'requires a name that is set on Linux only');
    const { pid } = await startFixture('named', Buffer.from('a\x1b[2Jb\nc').toString('hex'));
    const { stdout } = run('--tree', pid);
    assert.match(stdout, /a\ufffd\[2Jb\ufffdc\n/);
  });
});
