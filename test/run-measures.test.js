'use strict';

// What memory-info run measures, of processes that have a known amount of memory, or that try to escape.

const assert = require('node:assert/strict');
const { killCommands, recordCommand: record } = require('./helpers/cli');

const MIB = 1024;
const linuxOnly = process.platform === 'linux' ? it : it.skip;
const unixOnly = process.platform === 'win32' ? it.skip : it;

/** A program that holds so many MiB for so long. */
const hold = (mib, ms) =>
  `const held = Buffer.alloc(${mib} << 20, 1); setTimeout(() => held.length, ${ms})`;
const node = (code) => ['--', process.execPath, '-e', code];
const sh = (script) => ['--', 'sh', '-c', script];

describe('what memory-info run measures', () => {
  afterEach(killCommands);

  it('is the largest sum of a tree, without memory-info itself', async () => {
    const child = `${hold(100, 60000)}; console.log()`;
    // Both hold what they have for some samples.
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

  linuxOnly('reads footprints at peaks', async () => {
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

  linuxOnly('has daemons, and whom they start, in it', async () => {
    const daemon = `setsid "${process.execPath}" -e "${hold(80, 1000)}" &`;
    const { summary } = await record(sh(`(${daemon}) | cat`)); // cat waits for it, the only one who does
    assert.ok(summary.peak.total.privateBytes > 80 * MIB);
    assert.ok(summary.processes.some(({ name }) => name === 'node'));
  });

  linuxOnly('counts those too short-lived to be measured', async () => {
    const { summary, records } = await record(sh('for i in 1 2 3 4 5; do (true &); done; sleep 1'));
    assert.ok(summary.unmeasured >= 1 && summary.unmeasured <= summary.started);
    const exits = records.filter(({ type }) => type === 'exit');
    assert.ok(exits.filter(({ exitCode }) => exitCode === 0).length >= 2);
    assert.ok(exits.every(({ pid }) => pid !== undefined));
  });

  linuxOnly('is the largest process by getrusage, however short its life', async () => {
    const script = 'head -c 60000000 /dev/zero | tail -n 1 | wc -c > /dev/null';
    const { summary } = await record(['-i', '10s', ...sh(script)]);
    assert.ok(summary.waitedPeak > 60000000 / 1024, `${summary.waitedPeak} KiB`);
    assert.ok(summary.waitedPeak < 120000000 / 1024, `${summary.waitedPeak} KiB`);
  });

  unixOnly('names what still runs, and leaves it alone', async () => {
    const { status, stdout, stderr, summary } = await record(
      sh('sleep 30 > /dev/null 2>&1 & echo $!'),
    );
    const pid = Number(stdout);
    try {
      assert.equal(status, 0);
      if (process.platform !== 'linux') return; // where an orphan leaves the tree
      assert.deepEqual(summary.running, [{ pid, name: 'sleep' }]);
      assert.ok(stderr.includes(`memory-info: sleep (${pid}) is still running\n`));
    } finally {
      process.kill(pid, 'SIGKILL'); // throws if it is gone
    }
  });

  it('tells apart what goes over --max', async () => {
    const over = await record(['--max', '40M', ...node(hold(60, 500))]);
    assert.equal(over.status, 124);
    assert.match(over.stderr, /^memory-info: over the limit of 40\.0 MiB$/m);
    assert.deepEqual([over.summary.overLimit, over.summary.exitCode], [true, 0]);
    const under = await record(['--max', '1G', ...node(`${hold(10, 200)}; process.exitCode = 6`)]);
    assert.deepEqual([under.status, under.summary.overLimit], [6, false]);
  });

  unixOnly('ends everything with --kill, whatever ignores SIGTERM', async () => {
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
  });
});
