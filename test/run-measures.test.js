'use strict';

// The figures of memory-info run for processes with a known amount of memory, and for those that leave the tree.

const assert = require('node:assert/strict');
const { killCommands, recordCommand: record } = require('./helpers/cli');

const MIB = 1024;
const linuxOnly = process.platform === 'linux' ? it : it.skip;
const unixOnly = process.platform === 'win32' ? it.skip : it;

/** A program that holds an amount of memory for a time. */
const hold = (mib, ms) =>
  `const held = Buffer.alloc(${mib} << 20, 1); setTimeout(() => held.length, ${ms})`;
const node = (code) => ['--', process.execPath, '-e', code];
const sh = (script) => ['--', 'sh', '-c', script];

describe('the figures of memory-info run', () => {
  afterEach(killCommands);

  it('have the largest sum of the tree, without memory-info itself', async () => {
    const child = `${hold(100, 60000)}; console.log()`;
    // Both hold their memory for some samples.
    const code = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]);
      child.stdout.once('data', () => setTimeout(() => child.kill(), 300));
      child.once('exit', () => process.exit());
      ${hold(50, 60000)}`;
    const { summary } = await record(node(code));
    const { processes, privateBytes, workingSetSize } = summary.peak.total;
    assert.equal(processes, 2);
    const size = privateBytes ?? workingSetSize;
    assert.ok(size > 150 * MIB && size < 300 * MIB, `${size} KiB`);
    assert.deepEqual(
      summary.peak.processes.map(({ pid }) => pid).sort(),
      summary.processes
        .map(({ pid }) => pid)
        .sort()
        .filter((pid) => summary.peak.processes.some((info) => info.pid === pid)),
    );
  });

  linuxOnly('do not count the memory of a program twice while it starts others', async () => {
    const code = `
      const held = Buffer.alloc(${200 * 2 ** 20}, 1);
      const { spawnSync } = require('node:child_process');
      for (let i = 0; i < 60; i++) spawnSync('true');
      if (held[0] !== 1) throw new Error();`;
    const { summary } = await record(['-i', '10ms', ...node(code)]);
    assert.ok(
      summary.peak.total.privateBytes < 300 * MIB,
      `${summary.peak.total.privateBytes} KiB`,
    );
  });

  linuxOnly('include footprints at peaks', async () => {
    const { summary, records, stderr } = await record([
      '--footprint',
      'peak',
      ...node(hold(64, 800)),
    ]);
    const { footprint } = summary.peakFootprint.total;
    assert.ok(footprint.footprint > 64 * MIB && footprint.footprint < 200 * MIB);
    assert.equal(footprint.covered, 1);
    const samples = records.filter(({ type }) => type === 'sample');
    const exact = samples.filter(({ total }) => total.footprint !== undefined);
    assert.ok(exact.length > 0 && exact.length < samples.length);
    assert.match(stderr, /^memory-info: footprint \d.* at .* s, 1 of 1 exact$/m);
  });

  linuxOnly('include daemons and their children', async () => {
    const daemon = `setsid "${process.execPath}" -e "${hold(80, 1000)}" &`;
    const { summary } = await record(sh(`(${daemon}) | cat`)); // only cat waits for it
    assert.ok(summary.peak.total.privateBytes > 80 * MIB);
    assert.ok(summary.processes.some(({ name }) => name === 'node'));
  });

  linuxOnly('count processes too short-lived to be measured', async () => {
    const { summary, records } = await record(sh('for i in 1 2 3 4 5; do (true &); done; sleep 1'));
    assert.ok(summary.unmeasured >= 1 && summary.unmeasured <= summary.started);
    const exits = records.filter(({ type }) => type === 'exit');
    assert.ok(exits.filter(({ exitCode }) => exitCode === 0).length >= 2);
    assert.ok(exits.every(({ pid }) => pid !== undefined));
  });

  linuxOnly('include the largest process by getrusage, however short-lived', async () => {
    const script = 'head -c 60000000 /dev/zero | tail -n 1 | wc -c > /dev/null';
    const { summary } = await record(['-i', '10s', ...sh(script)]);
    assert.ok(summary.waitedPeak > 60000000 / 1024, `${summary.waitedPeak} KiB`);
    assert.ok(summary.waitedPeak < 120000000 / 1024, `${summary.waitedPeak} KiB`);
  });

  unixOnly('name processes that still run, which are not ended', async () => {
    const named =
      process.platform === 'linux' ? 'until grep -qx sleep /proc/$!/comm; do :; done;' : '';
    const { status, stdout, stderr, summary } = await record(
      sh(`sleep 30 > /dev/null 2>&1 & ${named} echo $!`),
    );
    const pid = Number(stdout);
    try {
      assert.equal(status, 0);
      if (process.platform !== 'linux') return; // elsewhere an orphan leaves the tree
      assert.deepEqual(summary.running, [{ pid, name: 'sleep' }]);
      assert.ok(stderr.includes(`memory-info: sleep (${pid}) is still running\n`));
    } finally {
      process.kill(pid, 'SIGKILL'); // throws if it has exited
    }
  });

  it('distinguish the causes of exceeding --max', async () => {
    const over = await record(['--max', '40M', ...node(hold(60, 500))]);
    assert.equal(over.status, 124);
    assert.match(over.stderr, /^memory-info: over the limit of 40\.0 MiB$/m);
    assert.deepEqual([over.summary.overLimit, over.summary.exitCode], [true, 0]);
    const under = await record(['--max', '1G', ...node(`${hold(10, 200)}; process.exitCode = 6`)]);
    assert.deepEqual([under.status, under.summary.overLimit], [6, false]);
  });

  unixOnly(
    'are complete after --kill has ended all processes, even those that ignore SIGTERM',
    async () => {
      const began = Date.now();
      const inner = `"${process.execPath}" -e "process.on('SIGTERM', () => {}); ${hold(60, 60000)}"`;
      const { status, stderr, summary } = await record([
        '--max',
        '50M',
        '--kill',
        ...sh(`trap "" TERM; ${inner} & ${inner}`),
      ]);
      assert.equal(status, 124);
      assert.match(stderr, /over the limit of 50\.0 MiB: killed$/m);
      assert.equal(summary.signal, 'SIGKILL');
      assert.ok(Date.now() - began < 30000);
    },
  );
});
