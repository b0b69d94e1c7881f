'use strict';

const assert = require('node:assert/strict');
const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const readline = require('node:readline');
const { text } = require('node:stream/consumers');

const { startNode } = require('./helpers/child');
const { CLI } = require('./helpers/cli');
const { readingOf } = require('./helpers/watch-made-up');
const { forest } = require('../lib/cli/forest');
const { State } = require('../lib/cli/watch/state');
const { view } = require('../lib/cli/watch/view');

const watch = (...args) =>
  spawnSync(process.execPath, [CLI, 'watch', ...args.map(String)], { encoding: 'utf8' });

const SIZE = String.raw`[\d.]+ [KMG]iB`;
const LINE = new RegExp(
  String.raw`^[\d.]+ s  ${SIZE} (private|working set)  [+-]${SIZE}  \d+ process(es)?  .+ \(\d+\) ${SIZE}(  \d+ unreadable)?$`,
);

/** The first lines of its output; it is then stopped. */
async function firstLines(count, ...args) {
  const child = spawn(process.execPath, [CLI, 'watch', ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = [];
  for await (const line of readline.createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === count) break;
  }
  child.kill();
  return lines;
}

describe('memory-info watch', () => {
  it('prints one line per reading without a terminal', async () => {
    const { pid } = await startNode();
    const lines = await firstLines(3, '-i', '100ms', pid);
    for (const line of lines) assert.match(line, LINE);
    assert.match(lines[0], / {2}\+0 KiB {2}1 process {2}/);
    assert.ok(lines.every((line) => line.includes(` (${pid}) `)));
  });

  it('watches all processes without a pid', async () => {
    for (const args of [[], ['--all']]) {
      const [line] = await firstLines(1, ...args);
      assert.match(line, LINE);
      assert.ok(Number(/ (\d+) process/.exec(line)[1]) > 1, line);
    }
  });

  it('ends when all watched processes have exited', async () => {
    const [child, other] = [await startNode(), await startNode()];
    const args = ['-i', '100ms', child.pid, other.pid, child.pid].map(String);
    const watcher = spawn(process.execPath, [CLI, 'watch', ...args]);
    const ended = once(watcher, 'close');
    const stderr = text(watcher.stderr);
    const counts = new Set();
    for await (const line of readline.createInterface({ input: watcher.stdout })) {
      counts.add(/ (\d process)/.exec(line)[1]);
      (counts.size === 1 ? other : child).kill();
    }
    assert.deepEqual([...counts], ['2 process', '1 process']);
    assert.match(
      await stderr,
      /^memory-info: all processes have exited; peak [\d.]+ MiB in \d+\.\d s\n$/,
    );
    assert.deepEqual(await ended, [0, null]);
  });

  it('exits with 124 as soon as --above is exceeded', async () => {
    const child = await startNode(
      "process.stdin.once('data', () => { globalThis.held = Buffer.alloc(200 << 20, 1); })",
    );
    const args = ['-i', '100ms', '--above', '150M', '--exit', String(child.pid)];
    const watcher = spawn(process.execPath, [CLI, 'watch', ...args]);
    const ended = once(watcher, 'close');
    const stderr = text(watcher.stderr);
    for await (const line of readline.createInterface({ input: watcher.stdout })) {
      assert.match(line, LINE);
      child.process.stdin.write('more\n');
    }
    assert.match(await stderr, /^memory-info: exceeded 150\.0 MiB: \d+\.\d MiB in \d+\.\d s\n$/);
    assert.deepEqual(await ended, [124, null]);
  });

  it('prints its help', () => {
    const { status, stdout } = watch('--help');
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: memory-info watch /);
  });

  for (const [args, message] of [
    [['-i', '50ms'], '--interval must be at least 100ms'],
    [['-i', '597h'], '--interval must be at most 596h'],
    [['--sort', 'color'], '--sort must be one of: pid, private, '],
    [['--exit'], '--exit requires --above'],
    [['--above', '5'], "'5' is not a size"],
    [['x'], "'x' is not a pid"],
    [['--all', '1'], '--all cannot be combined with a pid'],
    [[2 ** 32 - 1], 'ESRCH: no such process'],
    [['--no-such'], "Unknown option '--no-such'"],
  ]) {
    it(`rejects ${args.join(' ')}`, () => {
      const { status, stdout, stderr } = watch(...args);
      assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
      assert.ok(stderr.startsWith(`memory-info: ${message}`), stderr);
    });
  }
});

describe('the view of memory-info watch', () => {
  const options = { sort: 'pid', tree: false, footprint: false };
  const screen = { columns: 100, rows: 12 };
  const take = (state, processes, elapsed = 0) =>
    state.take({ ...readingOf(0), processes, unreadable: [] }, elapsed);

  it('counts changes from the first reading of a process, not of an earlier one with its pid', () => {
    const state = new State(options);
    const info = readingOf(0).processes[0];
    take(state, [info]);
    take(state, [{ ...info, privateBytes: info.privateBytes + 5 }]);
    assert.equal(state.shown.processes[0].change, 5);
    take(state, [{ ...info, privateBytes: 7, creationTime: info.creationTime + 1 }]);
    assert.deepEqual(
      state.shown.processes.map(({ change, sizes }) => ({ change, sizes })),
      [{ change: 0, sizes: [7] }],
    );
  });

  it('keeps a bounded number of readings of running processes', () => {
    const state = new State(options);
    const { processes } = readingOf(0);
    for (let i = 0; i < 1000; i++) take(state, processes);
    assert.equal(state.shown.processes[0].sizes.length, 64);
    take(state, []);
    take(state, processes);
    assert.equal(state.shown.processes[0].sizes.length, 1);
  });

  it('highlights the total while --above is exceeded', () => {
    const state = new State({ ...options, above: 216 * 1024 });
    state.take(readingOf(0), 0);
    assert.doesNotMatch(view(state, screen)[0], /above/);
    state.take(readingOf(3), 3000);
    assert.match(view(state, screen)[0], / {2}219\.0 MiB private {2}.* {2}above 216\.0 MiB {2}/);
  });

  it('shows working sets if private memory is unknown', () => {
    const state = new State({ ...options, sort: 'private' });
    const without = ({ privateBytes, ...rest }) => rest;
    const { processes, total } = readingOf(0);
    state.take(
      { processes: processes.map(without), total: without(total), unreadable: [{ pid: 1 }] },
      0,
    );
    const lines = view(state, screen);
    assert.match(lines[0], /^6 processes {2}345\.0 MiB working set {2}\+0 KiB .* {2}1 unreadable/);
    assert.match(lines[2], /^ +100 +- +\+0 KiB +60\.0 MiB /);
  });

  it('shows footprints, and marks estimates', () => {
    const state = new State({ ...options, footprint: true, sort: 'footprint' });
    const { processes, ...rest } = readingOf(0);
    const footprints = processes.map((info, i) => ({
      ...info,
      ...(i > 0 && { footprint: { footprint: i * 1024, ...(i === 5 && { code: 'EACCES' }) } }),
    }));
    state.take({ ...rest, processes: footprints }, 0);
    const lines = view(state, { columns: 120, rows: 12 });
    assert.match(lines[1], / \*FOOTPRINT /);
    assert.match(lines[2], /^ +105 .* ~5\.0 MiB /);
    assert.match(lines[7], /^ +100 .* - █/);
  });
});

describe('a forest of processes', () => {
  const draw = (...infos) =>
    Array.from(
      forest(infos.map(([pid, ppid, creationTime = 0]) => ({ pid, ppid, creationTime }))),
      ([{ pid }, depth]) => `${depth}:${pid}`,
    ).join(' ');

  it('lists each process after its parent, and siblings in the given order', () => {
    assert.equal(draw([5, 1], [3, 2], [4, 2], [2, 1], [6, 3]), '0:5 0:2 1:3 2:6 1:4');
  });

  it('does not accept a younger process, or the process itself, as the parent', () => {
    assert.equal(draw([0, 0], [2, 1, 10], [1, 2, 20]), '0:0 0:2 1:1');
  });

  it('handles a chain of 100,000', () => {
    const chain = Array.from({ length: 100_000 }, (_, i) => [i + 1, i]);
    assert.match(draw(...chain), / 99999:100000$/);
  });
});
