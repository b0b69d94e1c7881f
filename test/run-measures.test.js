'use strict';

// What memory-info run measures, of processes that have a known amount of memory, or that try to escape.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { getTreeMemoryInfo } = require('..');
const { eventually } = require('./helpers/eventually');
const {
  CLI,
  killCommands,
  readRecords,
  runCommand,
  startCommand,
  withFolder,
} = require('./helpers/cli');
const { skip } = require('./helpers/skip');

const MIB = 1024;
const linuxOnly = process.platform === 'linux' ? it : it.skip;
const unixOnly = process.platform === 'win32' ? it.skip : it;

/** A program that holds so many MiB for so long. */
const hold = (mib, ms) =>
  `const held = Buffer.alloc(${mib} << 20, 1); setTimeout(() => held.length, ${ms})`;
const node = (code) => ['--', process.execPath, '-e', code];
const sh = (script) => ['--', 'sh', '-c', script];

/** The records of a run, and how it ended. */
const record = (args, options) =>
  withFolder((folder) => {
    const file = path.join(folder, 'x.jsonl');
    const ended = runCommand(['-i', '50ms', '-o', file, ...args], options);
    const records = readRecords(file);
    return { ...ended, records, summary: records.at(-1) };
  });

/** The memory control group that tests run in, where run may make others; or skips. */
function groupFolder(test) {
  const line = fs.existsSync('/proc/self/cgroup')
    ? /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m.exec(fs.readFileSync('/proc/self/cgroup', 'utf8'))
    : null;
  const folder = line && path.join('/sys/fs/cgroup/memory', line[1]);
  if (!folder || process.getuid() !== 0 || !fs.existsSync(folder))
    skip(test, 'no memory control group of version 1 may be made here');
  return folder;
}

const groupsIn = (folder) =>
  fs.readdirSync(folder).filter((name) => name.startsWith('memory-info-'));

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

describe('the control group of memory-info run', () => {
  afterEach(killCommands);

  linuxOnly('has the peak between samples, and is removed', async function () {
    const folder = groupFolder(this);
    const args = ['-i', '10s', '--exact', 'require', ...node('Buffer.alloc(200 << 20, 1)')];
    const { summary, stderr } = await record(args);
    assert.equal(summary.exact.by, 'cgroup');
    assert.equal(summary.exact.source, 'memory.max_usage_in_bytes');
    assert.ok(summary.exact.peak > 200 * MIB && summary.exact.peak < 320 * MIB);
    assert.match(
      stderr,
      /^memory-info: \d+\.\d MiB with page cache and kernel memory, counted by /m,
    );
    assert.deepEqual(groupsIn(folder), []);
  });

  linuxOnly('lets go of what still runs', async function () {
    const folder = groupFolder(this);
    const { stdout } = runCommand(['-q', ...sh('sleep 30 > /dev/null 2>&1 & echo $!')]);
    const own = /^\d+:.*memory.*$/m.exec(fs.readFileSync('/proc/self/cgroup', 'utf8'))[0];
    assert.ok(fs.readFileSync(`/proc/${Number(stdout)}/cgroup`, 'utf8').includes(own));
    process.kill(Number(stdout), 'SIGKILL');
    assert.deepEqual(groupsIn(folder), []);
  });

  linuxOnly('is removed by the next run if memory-info was killed', async function () {
    const folder = groupFolder(this);
    const child = startCommand(['-q', ...sh('echo ready; exec sleep 1')]);
    await eventually(() => assert.equal(child.output.stdout, 'ready\n'));
    child.kill('SIGKILL');
    await child.ended;
    assert.equal(groupsIn(folder).length, 1);
    await eventually(() => {
      runCommand(['-q', '--', 'true']);
      assert.deepEqual(groupsIn(folder), []);
    });
  });

  linuxOnly('is not made with --exact off, nor where it may not be', async () => {
    const off = await record(['--exact', 'off', '--', 'true']);
    assert.deepEqual(off.summary.exact, { why: '--exact off' });
    if (process.getuid() !== 0) return;
    const script = 'umount -l /sys/fs/cgroup && exec "$0" "$@" -- true';
    const hidden = (...args) =>
      spawnSync('unshare', ['-m', 'sh', '-c', script, process.execPath, CLI, 'run', ...args], {
        encoding: 'utf8',
      });
    const why = 'its control group is not in view';
    const auto = hidden();
    assert.ok(
      auto.stderr.includes(`memory-info: peaks between samples were not counted: ${why}\n`),
    );
    assert.equal(auto.status, 0);
    const required = hidden('--exact', 'require');
    assert.deepEqual([required.status, required.stderr], [125, `memory-info: ${why}\n`]);
  });

  linuxOnly('is not left behind, nor a process, by run after run', async function () {
    const folder = groupFolder(this);
    const runs = Number(process.env.PMI_RUNS || 10);
    this.timeout(60000 + runs * 5000);
    const script = 'seq "$2" | xargs -P 2 -I {} "$0" "$1" run -q -- true';
    const { status } = spawnSync('sh', ['-c', script, process.execPath, CLI, String(runs)]);
    assert.equal(status, 0);
    assert.deepEqual(groupsIn(folder), []);
    const orphans = getTreeMemoryInfo().processes.filter(({ ppid }) => ppid === process.pid);
    assert.deepEqual(orphans, []);
  });
});
