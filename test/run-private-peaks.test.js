'use strict';

// The largest private memory of each process of memory-info run, where the system records it.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');

const { getMemoryCounters, getTreeMemoryInfo } = require('..');
const { PrivatePeaks } = require('../lib/cli/run/private-peaks');
const { summaryText } = require('../lib/cli/run/summary');
const { Records } = require('../lib/sampler/records');
const { recordCommand, runCommand, withFolder } = require('./helpers/cli');
const { skip } = require('./helpers/skip');

const MIB = 1024;

// A counter that is a peak on this system, like those that the peaks are read from on macOS and Windows.
const PEAK = Object.keys(getMemoryCounters()).find((name) =>
  /^peak(Rss|Footprint|Pagefile)/.test(name),
);

describe('the largest private memory of each process of memory-info run', () => {
  it('is the counter of the same process', function () {
    if (PEAK === undefined) skip(this, 'this system records no peak');
    const peaks = new PrivatePeaks(PEAK);
    const [info] = getTreeMemoryInfo().processes;
    const { pid, creationTime } = info;
    peaks.observe([info, { pid, creationTime: creationTime + 5000 }]);
    const { peakPrivateBytes } = peaks.complete({ pid, creationTime });
    const now = getMemoryCounters()[PEAK];
    assert.ok(peakPrivateBytes > 10 * MIB && peakPrivateBytes <= now, `${peakPrivateBytes} KiB`);
    assert.deepEqual(peaks.complete({ pid, creationTime, maxPrivateBytes: now + 5 }), {
      pid,
      creationTime,
      maxPrivateBytes: now + 5,
      peakPrivateBytes: now + 5,
    });
    // Another process had the pid.
    for (const record of [{ pid, creationTime: creationTime + 5000 }, { pid }])
      assert.deepEqual(peaks.complete(record), record);
  });

  it('is kept for running processes and the largest 1,000 that have exited', () => {
    const peaks = new PrivatePeaks('peak', ({ pid }) => ({ peak: pid }));
    const records = new Records();
    records.follow();
    const take = (...processes) => {
      peaks.observe(processes);
      records.observe({ trees: [{ pid: 1, processes, unreadable: [] }], failures: [] }, 0);
      for (const record of records.take().exited)
        assert.equal(peaks.complete(record).peakPrivateBytes, record.pid, 'at the exit');
      peaks.forget(() => records.summary().processes);
    };
    const info = (pid, creationTime) => ({ pid, creationTime, workingSetSize: pid });
    for (let pid = 2; pid <= 5001; pid++) take(info(1, 0), info(pid, 0), info(10003 - pid, 1));
    take(info(1, 0));
    const known = (pid, creationTime) =>
      peaks.complete({ pid, creationTime }).peakPrivateBytes !== undefined;
    assert.ok(known(1, 0));
    for (const { pid, creationTime } of records.summary().processes)
      assert.ok(known(pid, creationTime), `${pid}`);
    let count = 0;
    for (let pid = 2; pid <= 10001; pid++) count += known(pid, 0) + known(pid, 1);
    assert.ok(count >= 1000 && count <= 2000, `${count} are kept`);
  });

  it('is unknown if the process has exited before it was read', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    const info = getTreeMemoryInfo(child.pid).processes[0];
    child.stdin.end();
    await once(child, 'exit');
    const peaks = new PrivatePeaks(PEAK);
    peaks.observe([info]);
    const record = { pid: info.pid, creationTime: info.creationTime };
    assert.deepEqual(peaks.complete(record), record);
  });

  it('is in the records on macOS and Windows, and left out elsewhere', async () => {
    const { summary, records } = await recordCommand([
      '--',
      process.execPath,
      '-e',
      'const held = Buffer.alloc(60 << 20, 1); setTimeout(() => held.length, 500)',
    ]);
    const isRecorded = ['darwin', 'win32'].includes(process.platform);
    for (const record of [summary.processes[0], records.find(({ type }) => type === 'exit')]) {
      const { peakPrivateBytes, maxPrivateBytes } = record;
      if (isRecorded) assert.ok(peakPrivateBytes >= maxPrivateBytes && peakPrivateBytes > 60 * MIB);
      else assert.equal(peakPrivateBytes, undefined);
    }
  });

  it('is what the summary shows', () => {
    const record = {
      pid: 71,
      name: 'late',
      maxWorkingSetSize: 90 * MIB,
      maxPrivateBytes: 40 * MIB,
      peakPrivateBytes: 70 * MIB,
      peakWorkingSetSize: 95 * MIB,
    };
    const other = { ...record, pid: 72, name: 'other', peakPrivateBytes: 60 * MIB };
    const text = summaryText({
      peak: { elapsed: 0, total: { processes: 2, privateBytes: 80 * MIB } },
      samples: 1,
      exact: {},
      processes: [other, record],
      running: [],
    });
    assert.match(text, /; largest late 70\.0 MiB; 1 sample\n/);
    assert.match(text, /^ +71 +70\.0 MiB +90\.0 MiB +95\.0 MiB +late\n +72 +60\.0 MiB /m);
  });

  it('is not the peak of all processes together, which macOS does not record', async function () {
    if (process.platform === 'win32') skip(this, 'the program is started in another way');
    await withFolder((folder) => {
      const preload = path.join(folder, 'macos.cjs');
      fs.writeFileSync(preload, "Object.defineProperty(process, 'platform', { value: 'darwin' });");
      const env = { ...process.env, NODE_OPTIONS: `--require ${preload}` };
      const { status, stderr } = runCommand(['--', 'sleep', '0.3'], { env });
      assert.equal(status, 0, stderr);
      assert.match(
        stderr,
        /^memory-info: peaks between samples were not counted: macOS counts the peak of each process, /m,
      );
    });
  });
});
