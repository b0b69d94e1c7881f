'use strict';

// Comparison with the values of Linux.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const memory = require('..');
const { Child, startNode, startFixture } = require('./helpers/child');
const { eventually } = require('./helpers/eventually');
const { plainEnv } = require('./helpers/plain-env');
const { skip } = require('./helpers/skip');

const MIB = 1024;

/** The values of /proc/PID/status by name, as numbers. */
function statusOf(pid) {
  const text = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return Object.fromEntries(
    Array.from(text.matchAll(/^(\w+):\s+(\d+)(?: kB)?$/gm), ([, name, value]) => [
      name,
      Number(value),
    ]),
  );
}

function expectedOf(pid) {
  const { VmRSS = 0, VmHWM = 0, RssAnon = 0, RssFile = 0, RssShmem = 0 } = statusOf(pid);
  return {
    pid,
    workingSetSize: VmRSS,
    peakWorkingSetSize: VmHWM,
    privateBytes: RssAnon,
    sharedBytes: RssFile + RssShmem,
  };
}

(process.platform === 'linux' ? describe : describe.skip)('on Linux, the package', () => {
  it('agrees with /proc/PID/status for a sleeping process', async () => {
    const { pid } = await startFixture('fan', 0);
    await eventually(() => assert.deepEqual(memory.getMemoryInfo(pid), expectedOf(pid)));
  });

  it('names a process after its program, or by the name it has set', async () => {
    const nameOf = ({ pid }) => memory.getTreeMemoryInfo(pid).processes[0].name;
    assert.equal(nameOf(await startNode()), path.basename(process.execPath));
    assert.equal(nameOf(await startNode("process.title = 'my title'")), 'my title');
    const shell = new Child('sh', ['-c', 'echo ready; read line']);
    await shell.ready();
    assert.equal(nameOf(shell), 'sh', 'which may be dash');
  });

  it('agrees with ps', async () => {
    const { pid } = await startFixture('fan', 0);
    await eventually(() => {
      const [rss, ppid, name] = execFileSync('ps', ['-o', 'rss=,ppid=,comm=', '-p', String(pid)], {
        encoding: 'utf8',
        env: plainEnv,
      })
        .trim()
        .split(/\s+/);
      const [info] = memory.getTreeMemoryInfo(pid).processes;
      assert.deepEqual([info.ppid, info.name], [Number(ppid), name]);
      assert.ok(Math.abs(info.workingSetSize - Number(rss)) <= 256);
    });
  });

  it('agrees with ps on the start time of a process', async () => {
    const { pid } = await startFixture('fan', 0);
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...plainEnv, LC_ALL: 'C' },
    });
    const [info] = memory.getTreeMemoryInfo(pid).processes;
    assert.equal(Math.floor(info.creationTime / 1000) * 1000, Date.parse(started));
  });

  it('counts anonymous memory as private, and not as shared', async () => {
    const child = await startFixture('grow', 200);
    const before = memory.getMemoryInfo(child.pid);
    assert.equal(await child.ask('more'), 'more');
    const held = await eventually(() => {
      const info = memory.getMemoryInfo(child.pid);
      for (const field of ['workingSetSize', 'privateBytes', 'peakWorkingSetSize']) {
        const rise = (info[field] - before[field]) / (200 * MIB);
        assert.ok(rise > 0.95 && rise < 1.05, `${field} rose by ${rise} of it`);
      }
      assert.ok(info.sharedBytes - before.sharedBytes < 2 * MIB);
      return info;
    });

    assert.equal(await child.ask('less'), 'less');
    await eventually(() => {
      const info = memory.getMemoryInfo(child.pid);
      assert.ok(info.workingSetSize < before.workingSetSize + 10 * MIB, 'the memory is freed');
      // The kernel updates the peak from per-CPU counters, in batches.
      assert.ok(info.peakWorkingSetSize >= held.workingSetSize - 2 * MIB, 'the peak stays');
    });
  });

  for (const [kind, directory] of [
    ['file', os.tmpdir()],
    ['shared memory', '/dev/shm'],
  ]) {
    it(`counts a mapped ${kind} as shared, and not as private`, async () => {
      const file = path.join(directory, `process-memory-info-${process.pid}`);
      try {
        const { pid } = await startFixture('map-file', file, 100);
        await eventually(() => {
          const info = memory.getMemoryInfo(pid);
          assert.ok(
            info.sharedBytes > 100 * MIB && info.sharedBytes < 105 * MIB,
            `${info.sharedBytes}`,
          );
          assert.ok(info.privateBytes < 5 * MIB, `${info.privateBytes}`);
        });
      } finally {
        fs.rmSync(file, { force: true });
      }
    });
  }

  it('returns zeros and no peak for a zombie', async () => {
    const child = await startFixture('zombie');
    const pid = Number(child.said[0]);
    const none = { workingSetSize: 0, privateBytes: 0, sharedBytes: 0 };
    assert.deepEqual(memory.getMemoryInfo(pid), { pid, ...none });
    const { processes } = memory.getTreeMemoryInfo(child.pid);
    assert.deepEqual(
      processes.map((info) => info.pid),
      [child.pid, pid],
    );
  });

  it('returns zeros for a kernel thread', function () {
    const comm = (() => {
      try {
        return fs.readFileSync('/proc/2/comm', 'utf8').trim();
      } catch {
        return undefined;
      }
    })();
    if (comm !== 'kthreadd') skip(this, 'kernel threads are invisible in a pid namespace');
    assert.equal(memory.getMemoryInfo(2).workingSetSize, 0);
    assert.equal(memory.getMemoryInfo(2).sharedBytes, 0);
  });

  it('reads the memory of a process whose main thread has exited', async () => {
    const { pid } = await startFixture('leaderless', 50);
    await eventually(() => {
      assert.match(fs.readFileSync(`/proc/${pid}/status`, 'utf8'), /^State:\tZ/m);
      const info = memory.getMemoryInfo(pid);
      assert.ok(info.privateBytes > 50 * MIB && info.privateBytes < 60 * MIB);
      assert.equal(memory.getTreeMemoryInfo(pid).processes[0].privateBytes, info.privateBytes);
    });
  });

  it('reads a process whose threads replace one another', async () => {
    const child = await startFixture('relay', 50);
    const pid = Number(child.said[0]);
    const handle = memory.openProcess(pid);
    await eventually(() =>
      assert.match(fs.readFileSync(`/proc/${pid}/status`, 'utf8'), /^State:\tZ/m),
    );
    for (let i = 0; i < 500; i++) {
      for (const { privateBytes } of [memory.getMemoryInfo(pid), handle.getMemoryInfo()]) {
        assert.ok(privateBytes > 50 * MIB, `${privateBytes}`);
      }
      assert.ok(handle.isAlive());
      assert.ok(memory.getMemoryCounters(pid).anon > 50 * MIB);
      assert.ok(memory.getMemoryFootprint(pid).uss > 50 * MIB);
      assert.ok(handle.getMemoryFootprint().uss > 50 * MIB);
      assert.equal(memory.getTreeMemoryInfo(pid, { footprint: true }).processes.length, 1);
      memory.getMemoryLimit(pid);
    }
    handle.close();
  });

  it('does not accept the id of a thread', async () => {
    const { pid } = await startNode();
    const thread = fs
      .readdirSync(`/proc/${pid}/task`)
      .map(Number)
      .find((tid) => tid !== pid);
    assert.ok(fs.existsSync(`/proc/${thread}/status`), 'it can be read nevertheless');
    assert.throws(() => memory.getMemoryInfo(thread), { code: 'ESRCH', pid: thread });
    assert.throws(() => memory.getTreeMemoryInfo(thread), { code: 'ESRCH', pid: thread });
  });

  it('reads every process on the machine, or reports an error', () => {
    const pids = fs
      .readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
    const entries = memory.getMemoryInfoBatch(pids);
    const refused = entries.filter(({ status }) => status === 'rejected');
    for (const { reason } of refused) assert.match(reason.code, /^(ESRCH|EACCES|EPERM)$/);
    assert.ok(refused.length < entries.length);
    for (const { value } of entries) {
      // The peak of a zombie is unknown.
      if (
        value !== undefined &&
        (value.peakWorkingSetSize !== undefined || value.workingSetSize > 0)
      )
        assert.ok(value.peakWorkingSetSize >= value.workingSetSize, `${value.pid}`);
    }
  });
});
