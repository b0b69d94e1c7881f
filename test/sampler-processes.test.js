'use strict';

// The processes that a sampler sees: they start and exit, call exec(), reuse pids, and are many.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');

const memory = require('..');
const { sample } = require('../lib/sampler');
const { Forks } = require('../lib/sampler/forks');
const { mayChoosePids } = require('./helpers/choose-pids');
const { startFixture } = require('./helpers/child');
const { eventually } = require('./helpers/eventually');
const { answerWith, makeTree, restore } = require('./helpers/made-up-trees');

const linuxOnly = process.platform === 'linux' ? it : it.skip;
const MIB = 1024;
const pidsOf = (processes) => processes.map(({ pid }) => pid);

const own = memory.getTreeMemoryInfo().processes[0];
const root = { pid: own.pid, creationTime: own.creationTime };

/** The samples of simulated trees, in which this process is the root; after the last one it has exited. */
async function samplesOf(trees, options) {
  const answers = [...trees];
  const goneRoot = Object.assign(new Error('gone'), { code: 'ESRCH', pid: own.pid });
  answerWith(() => {
    const answer = answers.shift();
    if (answer === undefined) throw goneRoot;
    return answer;
  });
  const sampler = sample(own.pid, { interval: 10, ...options });
  const samples = [];
  for await (const each of sampler) samples.push(each);
  return { samples, summary: sampler.summary };
}

describe('sample, of simulated trees,', () => {
  afterEach(restore);

  it('distinguishes two processes with the same pid', async () => {
    const { samples, summary } = await samplesOf([
      makeTree(root, { pid: 7, creationTime: 1, privateBytes: 900, name: 'old' }),
      makeTree(root, { pid: 7, creationTime: 2, privateBytes: 3, name: 'new' }),
    ]);
    const [{ started, exited }] = samples.slice(1);
    assert.deepEqual(
      [started, exited].map(([{ name, creationTime }]) => ({ name, creationTime })),
      [
        { name: 'new', creationTime: 2 },
        { name: 'old', creationTime: 1 },
      ],
    );
    const figures = summary.processes
      .filter(({ pid }) => pid === 7)
      .map(({ name, maxPrivateBytes }) => [name, maxPrivateBytes]);
    assert.deepEqual(figures.sort(), [
      ['new', 3],
      ['old', 900],
    ]);
    assert.deepEqual([summary.started, summary.exited], [3, 3]);
  });

  describe('with children between fork() and exec()', () => {
    const large = { ...root, privateBytes: 100 * MIB, workingSetSize: 110 * MIB };
    const copy = {
      ...large,
      pid: 7,
      ppid: own.pid,
      creationTime: 1,
      forked: true,
      privateBytes: 99 * MIB,
    };

    it('does not count the memory of their parents twice', async () => {
      const git = {
        ...copy,
        name: 'git',
        forked: undefined,
        privateBytes: 2 * MIB,
        workingSetSize: 3 * MIB,
      };
      const { summary } = await samplesOf([
        makeTree(large),
        makeTree(large, copy),
        makeTree(large, { ...copy, name: 'git' }),
        makeTree(large, git),
      ]);
      assert.equal(summary.peak.total.privateBytes, 102 * MIB);
      assert.equal(summary.peak.total.workingSetSize, 113 * MIB);
      const { maxPrivateBytes, name } = summary.processes.find(({ pid }) => pid === 7);
      assert.deepEqual([maxPrivateBytes, name], [2 * MIB, 'git']);
    });

    it('counts those that have not executed a program after a second', () => {
      let now = 0;
      const forks = new Forks(() => now);
      const read = (...processes) => {
        const [{ total }] = forks.leaveOut([makeTree(...processes)]);
        return total.processes;
      };
      assert.equal(read(large), 1);
      for (const [time, counted] of [
        [10, 1],
        [1009, 1],
        [1010, 2],
        [1020, 2],
      ]) {
        now = time;
        assert.equal(read(large, copy), counted, `${time}`);
      }
      assert.equal(read(large, { ...copy, creationTime: 2 }), 1);
    });

    it('counts those that have executed a program, however large it becomes', async () => {
      const small = { ...copy, forked: undefined, privateBytes: 2 * MIB };
      const { summary } = await samplesOf(
        [large, copy, small, { ...copy, forked: undefined }].map((other, i) =>
          i === 0 ? makeTree(large) : makeTree(large, other),
        ),
      );
      assert.equal(summary.peak.total.processes, 2);
    });

    for (const [what, ...others] of [
      ['have executed a program of the same size', { ...copy, forked: undefined }],
      ['are of another size', { ...copy, privateBytes: 90 * MIB }],
      ['have children', copy, { pid: 8, ppid: 7 }],
      ['have a small parent', { ...copy, pid: 8, privateBytes: 50 }],
    ])
      it(`counts those that ${what}`, async () => {
        const parent = what === 'have a small parent' ? { ...large, privateBytes: 50 } : large;
        const { summary } = await samplesOf([makeTree(parent), makeTree(parent, ...others)]);
        assert.equal(summary.peak.total.processes, 1 + others.length);
      });

    it('has the whole footprint', async () => {
      const total = { ...makeTree(large, copy).total, footprint: { footprint: 104 * MIB } };
      const { summary } = await samplesOf([makeTree(large), { ...makeTree(large, copy), total }], {
        footprint: true,
      });
      assert.equal(summary.peakFootprint.total.footprint.footprint, 104 * MIB);
      assert.equal(summary.peakFootprint.total.privateBytes, 100 * MIB);
    });
  });

  it('ends when the pid of the root is reused', async () => {
    const other = makeTree({ pid: own.pid, creationTime: own.creationTime + 1, name: 'other' });
    const { samples, summary } = await samplesOf([makeTree(root), other, other]);
    assert.equal(samples.length, 1);
    assert.equal(summary.ended, 'exit');
    assert.deepEqual(pidsOf(summary.processes), [own.pid]);
    assert.equal(summary.processes[0].name, 'made-up');
  });

  it('treats a zombie as exited, and a zombie root as the end', async () => {
    const zombie = { pid: 7, alive: false, workingSetSize: 0, privateBytes: 0 };
    const { samples, summary } = await samplesOf([
      makeTree(root, { pid: 7 }, { ...zombie, pid: 8 }),
      makeTree(root, zombie),
      makeTree(root, zombie),
      makeTree(root),
      makeTree({ ...root, alive: false }),
      makeTree(root),
    ]);
    assert.deepEqual(
      samples.map(({ started, exited }) => [pidsOf(started), pidsOf(exited)]),
      [
        [[own.pid, 7, 8], [8]],
        [[], [7]],
        [[], []],
        [[], []],
      ],
    );
    assert.deepEqual([summary.started, summary.exited], [3, 3]);
  });

  it('keeps a process that cannot be read for a while', async () => {
    const without = makeTree(root);
    without.unreadable.push({ pid: 7, code: 'EACCES', syscall: 'open' });
    const { samples } = await samplesOf([makeTree(root, { pid: 7 }), without, makeTree(root)]);
    assert.deepEqual(
      samples.map(({ exited }) => pidsOf(exited)),
      [[], [], [7]],
    );
  });

  it('keeps the largest peak even if the counter of the system is reset', async () => {
    const { summary } = await samplesOf([
      makeTree({ ...root, peakWorkingSetSize: 900, workingSetSize: 500 }),
      makeTree({ ...root, peakWorkingSetSize: 20, workingSetSize: 10, name: 'execed' }),
    ]);
    const { name, peakWorkingSetSize, maxWorkingSetSize, maxPrivateBytes } = summary.largest;
    assert.deepEqual(
      { name, peakWorkingSetSize, maxWorkingSetSize, maxPrivateBytes },
      { name: 'execed', peakWorkingSetSize: 900, maxWorkingSetSize: 500, maxPrivateBytes: 50 },
    );
  });

  it('leaves out unknown figures, and uses the largest working set instead of an unknown peak', async () => {
    const unknown = (workingSetSize) => {
      const tree = makeTree({ ...root, workingSetSize });
      for (const key of ['peakWorkingSetSize', 'privateBytes', 'sharedBytes'])
        delete tree.processes[0][key];
      delete tree.total.privateBytes;
      return tree;
    };
    const { summary } = await samplesOf([unknown(10), unknown(30), unknown(20)]);
    assert.equal(summary.peak.total.workingSetSize, 30);
    assert.deepEqual(
      ['peakWorkingSetSize', 'maxPrivateBytes'].filter((key) => key in summary.largest),
      [],
    );
    assert.equal('peakFootprint' in summary, false);
  });

  it('reads footprints at peaks only', async () => {
    const trees = [100, 101, 102, 102, 90, 104, 104].map((privateBytes) =>
      makeTree({ ...root, privateBytes }),
    );
    const precise = [];
    let last;
    answerWith((_, { footprint }) => {
      if (!footprint) last = trees.shift();
      else precise.push(last.total.privateBytes);
      if (last === undefined) throw Object.assign(new Error('gone'), { code: 'ESRCH' });
      return footprint ? { ...last, precise } : last;
    });
    const delivered = [];
    for await (const each of sample(own.pid, { interval: 10, footprint: 'peak' }))
      if (each.trees[0].precise) delivered.push(each.total.privateBytes);
    assert.deepEqual(precise, [100, 102, 104]);
    assert.deepEqual(delivered, precise);
  });

  it('keeps all running processes, and the largest 1,000 that have exited', async () => {
    const trees = Array.from({ length: 30 }, (_, i) => {
      const others = Array.from({ length: 100 }, (_, k) => ({
        pid: 100000 + i * 100 + k,
        peakWorkingSetSize: i === 3 ? 5000 + k : i * 100 + k,
      }));
      return makeTree(root, ...others);
    });
    const { summary } = await samplesOf(trees);
    assert.deepEqual([summary.started, summary.exited], [3001, 3001]);
    assert.equal(summary.processes.length, 1000);
    assert.equal(summary.largest.pid, 100000 + 399);
    assert.ok(summary.processes.every(({ peakWorkingSetSize }) => peakWorkingSetSize >= 2000));
  });

  it('counts a process in two trees once', async () => {
    answerWith((pid) =>
      pid === own.pid ? makeTree(root, parent, { pid: 7 }) : makeTree(parent, { pid: 7 }),
    );
    const parentInfo = memory.getTreeMemoryInfo(process.ppid).processes[0];
    const parent = { pid: process.ppid, creationTime: parentInfo.creationTime };
    for await (const { trees, total, started } of sample([own.pid, process.ppid])) {
      assert.deepEqual(pidsOf(trees), [own.pid, process.ppid]);
      assert.deepEqual(total, { processes: 3, workingSetSize: 300, privateBytes: 150 });
      assert.deepEqual(pidsOf(started), [own.pid, process.ppid, 7]);
      break;
    }
  });

  it('continues without a root that cannot be read, and fails without any', async () => {
    const refusal = Object.assign(new Error('refused'), { code: 'EACCES', pid: process.ppid });
    const second = memory.getTreeMemoryInfo(process.ppid).processes[0];
    let readings = 0;
    answerWith((pid) => {
      if (pid === own.pid) readings++;
      if (readings > 3 || (readings > 1 && pid === process.ppid)) throw refusal;
      return makeTree(pid === own.pid ? root : second);
    });
    const seen = [];
    await assert.rejects(async () => {
      for await (const { failures, trees, exited } of sample([own.pid, process.ppid], {
        interval: 10,
      }))
        seen.push([failures.length, trees.length, exited.length]);
    }, refusal);
    assert.deepEqual(seen, [
      [0, 2, 0],
      [1, 1, 0],
      [1, 1, 0],
    ]);
  });
});

describe('sample, of real processes,', () => {
  it('reports a root that had exited before the start, if there are others', async () => {
    const gone = 2 ** 31 - 2;
    const failures = [];
    for await (const each of sample([own.pid, gone], { interval: 10 })) {
      failures.push(each.failures.map(({ code, pid }) => ({ code, pid })));
      if (failures.length === 2) break;
    }
    assert.deepEqual(failures, [[{ code: 'ESRCH', pid: gone }], []]);
  });

  linuxOnly('continues with the remaining roots until all have exited', async () => {
    const children = await Promise.all([1, 2, 3].map((count) => startFixture('fan', count)));
    const sampler = sample(pidsOf(children), { interval: 10 });
    const sizes = [];
    for await (const { trees, total } of sampler) {
      if (sizes.at(-1)?.trees === trees.length) continue;
      sizes.push({ trees: trees.length, processes: total.processes });
      children[sizes.length - 1].kill();
    }
    assert.deepEqual(sizes[0], { trees: 3, processes: 9 });
    assert.equal(sizes.at(-1).trees < 3, true);
    assert.deepEqual([sampler.summary.started, sampler.summary.exited], [9, 9]);
  });

  linuxOnly('follows a tree that grows to 2,000 processes', async () => {
    const child = await startFixture('multiply');
    const sampler = sample(child.pid, { interval: 50 });
    let largest = 0;
    let started = 0;
    let asked = 0;
    for await (const each of sampler) {
      started += each.started.length;
      assert.equal(each.exited.length, 0);
      assert.ok(each.total.processes >= largest, `${each.total.processes} after ${largest}`);
      largest = each.total.processes;
      assert.equal(started, largest);
      if (largest === 2001) break;
      if (asked++ < 5) await child.ask('400');
    }
    assert.equal(sampler.summary.started, 2001);
    assert.equal(sampler.summary.processes.length, 2001);
  });

  linuxOnly('loses no long-lived process in a storm of forks', async () => {
    const child = await startFixture('churn', 20);
    const staying = child.said.map(Number);
    const sampler = sample(child.pid, { interval: 10 });
    const running = new Set();
    const key = ({ pid, creationTime }) => `${pid} ${creationTime}`;
    let samples = 0;
    for await (const { trees, started, exited } of sampler) {
      const found = new Set(pidsOf(trees[0].processes));
      assert.deepEqual(
        staying.filter((pid) => !found.has(pid)),
        [],
      );
      for (const each of started) running.add(key(each));
      for (const each of exited) assert.ok(running.delete(key(each)), 'it was there');
      if (++samples === 100) break;
    }
    const { summary } = sampler;
    assert.ok(summary.started > 30, `${summary.started} have started`);
    const left = summary.processes.filter(({ exited }) => !exited).map(key);
    assert.ok(running.size >= 20 && summary.started - summary.exited === left.length);
    for (const pid of staying) {
      const record = summary.processes.find((each) => each.pid === pid);
      assert.deepEqual([record.exited, record.firstSeen], [false, 0]);
    }
  });

  linuxOnly('ends normally at whatever moment the root exits', async () => {
    const follow = async (lifetime) => {
      const child = await startFixture('fan', 3);
      const sampler = sample(child.pid, { interval: 10 });
      let samples = 0;
      for await (const each of sampler) {
        assert.equal(each.trees.length, 1);
        if (samples++ === 0) setTimeout(() => child.kill(), lifetime);
      }
      assert.equal(sampler.summary.ended, 'exit');
      assert.equal(sampler.summary.exited, sampler.summary.started);
    };
    await Promise.all(Array.from({ length: 40 }, (_, i) => follow(i)));
  });

  (mayChoosePids() ? it : it.skip)(
    'does not follow a process that reuses the pid of the root (requires root)',
    async () => {
      const child = await startFixture('fan', 0);
      const samples = sample(child.pid, { interval: 2000 })[Symbol.asyncIterator]();
      assert.equal((await samples.next()).done, false);
      await child.stop();
      await startFixture('reuse', child.pid);
      assert.equal(memory.getMemoryInfo(child.pid).pid, child.pid, 'its pid is reused');
      assert.equal((await samples.next()).done, true);
    },
  );

  linuxOnly('keeps the peak of a process that calls exec()', async () => {
    const child = await startFixture('execs', 50);
    const sampler = sample(child.pid, { interval: 10 });
    let execed = false;
    for await (const { started, exited, total } of sampler) {
      if (execed) assert.deepEqual([started, exited], [[], []]);
      else assert.equal(await child.ask('now'), 'ready');
      execed = true;
      if (total.privateBytes < 5 * MIB) break;
    }
    const { largest } = await sampler.stop();
    assert.ok(largest.peakWorkingSetSize > 50 * MIB && largest.maxPrivateBytes > 50 * MIB);
  });

  linuxOnly('reports that an orphan leaves the tree', async () => {
    const child = await startFixture('chain', 3);
    const [, middle, last] = memory.getTreeMemoryInfo(child.pid).processes;
    const gone = [];
    for await (const { exited } of sample(child.pid, { interval: 10 })) {
      gone.push(...pidsOf(exited));
      if (gone.length === 2) break;
      if (gone.length === 0) process.kill(middle.pid, 'SIGKILL');
    }
    assert.deepEqual(new Set(gone), new Set([middle.pid, last.pid]), 'the zombie, and the orphan');
    assert.equal(memory.getMemoryInfo(last.pid).pid, last.pid, 'it is still running elsewhere');
    process.kill(last.pid);
  });

  linuxOnly(
    'reports the peak between two samples, for processes of the same user or as root',
    async () => {
      const child = await startFixture('grow', 300);
      const sampler = sample(child.pid, { interval: 1000, peaks: 'interval' });
      const peaks = [];
      for await (const { trees, total } of sampler) {
        const [{ peakWorkingSetSize }] = trees[0].processes;
        peaks.push(peakWorkingSetSize);
        if (peaks.length === 1) {
          await child.ask('more');
          await child.ask('less');
        }
        assert.ok(total.privateBytes < 300 * MIB, 'it is between samples');
        if (peaks.at(-2) > 300 * MIB && peaks.at(-1) < 50 * MIB) break;
        if (peaks.length > 10) break;
      }
      assert.ok(peaks.at(-2) > 300 * MIB, `${peaks}`);
      assert.ok(peaks.at(-1) < 50 * MIB, `${peaks}`);
      assert.ok(sampler.summary.largest.peakWorkingSetSize > 300 * MIB);
    },
  );

  linuxOnly('leaves no descriptor open', async () => {
    const count = () => fs.readdirSync('/proc/self/fd').length;
    const before = count();
    for (let i = 0; i < 50; i++) for await (const _ of sample(process.pid, { interval: 10 })) break;
    await eventually(async () => {
      await sleep(10);
      assert.ok(count() <= before, `${count()} after ${before}`);
    });
  });
});
