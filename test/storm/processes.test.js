'use strict';

// Processes that start and exit while they are read.

const assert = require('node:assert/strict');
const fs = require('node:fs');

const memory = require('../..');
const { eventually } = require('../helpers/eventually');
const { assertEndsWithItsRun } = require('../helpers/killed-run');
const { startStorm } = require('./storm');

const FORKS = Number(process.env.PMI_FORKS || 10000);
const HELD = 100; // handles that are open at a time
const NONE = Symbol('no such process');

const openDescriptors = () => fs.readdirSync('/proc/self/fd').length;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Runs a query on a process that may have exited: the only error that is allowed is ESRCH. */
async function ask(question, pid) {
  try {
    return await question();
  } catch (error) {
    assert.equal(error.code, 'ESRCH', error.stack);
    assert.equal(error.pid, pid);
    return NONE;
  }
}

/** Runs every query of a handle. After its process has exited, all fail with ESRCH, even if the pid is reused. */
async function checkHandle(held) {
  const { handle, pid } = held;
  let unanswered = 0;
  for (const name of ['getMemoryInfo', 'getMemoryCounters', 'getMemoryFootprint']) {
    const answer = await ask(() => handle[name](), pid);
    if (held.gone) assert.equal(answer, NONE);
    else if (answer !== NONE) assert.equal(answer.pid, pid);
    // A zombie may have no footprint any more, but it has memory: 0.
    if (answer === NONE && name === 'getMemoryInfo') held.gone = true;
    unanswered += answer === NONE;
  }
  return unanswered;
}

describe(`a storm of ${FORKS} processes`, function () {
  this.timeout(600000);

  let storm;
  beforeEach(async () => {
    storm = await startStorm(FORKS);
    storm.begin();
  });

  it('hides no long-lived process from a tree, and puts none below a wrong parent', async function () {
    let trees = 0;
    let small = 0;
    while (!storm.over) {
      const api = trees % 2 ? memory : memory.promises;
      const tree = await api.getTreeMemoryInfo(storm.pid, { footprint: trees % 10 === 9 });
      storm.check(tree);
      trees++;
      // A process that is about to exit.
      const { pid } = tree.processes.findLast((info) => !storm.lasting.has(info.pid)) ?? storm;
      const below = await ask(() => api.getTreeMemoryInfo(pid), pid);
      if (below !== NONE) assert.equal(below.processes[0].pid, pid);
      if (below !== NONE && storm.has(below.processes[0])) {
        storm.checkParents(below);
        small++;
      }
      if (trees % 20 === 0) await turn();
    }
    const { all, again } = storm.seen;
    const figures = `${trees} and ${small} trees, ${all} short-lived processes seen, ${again} with a pid seen before`;
    assert.ok(trees > 30 && small > 10 && all > 100, figures);
    this.test.title += ` (${figures})`;
  });

  it('fails no batch, only the entries of processes that have exited', async function () {
    let batches = 0;
    let entries = 0;
    let gone = 0;
    while (!storm.over) {
      const { processes } = memory.getTreeMemoryInfo(storm.pid);
      const pids = [...storm.lasting, ...processes.map(({ pid }) => pid)];
      for (const api of [memory, memory.promises]) {
        const answer = await api.getMemoryInfoBatch(pids);
        assert.equal(answer.length, pids.length);
        answer.forEach(({ status, value, reason }, i) => {
          assert.equal(status === 'fulfilled' ? value.pid : reason.pid, pids[i]);
          if (status === 'fulfilled') return;
          assert.equal(reason.code, 'ESRCH');
          assert.ok(!storm.lasting.has(pids[i]), `${pids[i]}, which stays, is lost`);
          gone++;
        });
        batches++;
        entries += answer.length;
      }
      if (batches % 20 === 0) await turn();
    }
    const figures = `${batches} batches, ${entries} entries, ${gone} of them gone`;
    assert.ok(batches > 30 && gone > 0, figures);
    this.test.title += ` (${figures})`;
  });

  it('allows handles on exiting processes, which then fail with ESRCH for good', async function () {
    const before = openDescriptors();
    const held = [];
    let opened = 0;
    let ofTheGone = 0;
    while (!storm.over) {
      const api = opened % 2 ? memory : memory.promises;
      const { processes } = memory.getTreeMemoryInfo(storm.pid);
      for (const { pid, creationTime } of processes.reverse()) {
        if (storm.lasting.has(pid)) continue;
        const handle = await ask(() => api.openProcess(pid), pid);
        if (handle === NONE) continue;
        assert.ok(handle.creationTime >= creationTime, 'an older one than was listed');
        held.push({ handle, pid, gone: false });
        opened++;
        ofTheGone += await checkHandle(held.at(-1));
      }
      for (const one of held) ofTheGone += await checkHandle(one);
      while (held.length > HELD) held.shift().handle.close();
      await turn();
    }
    for (const one of held) {
      await checkHandle(one);
      if (one.gone) assert.equal(await one.handle.isAlive(), false);
      one.handle.close();
    }
    await eventually(() => assert.ok(openDescriptors() <= before));
    const figures = `${opened} opened, ${ofTheGone} questions about what had gone`;
    assert.ok(opened > 100 && ofTheGone > 100, figures);
    this.test.title += ` (${figures})`;
  });
});

describe('an endless storm', function () {
  this.timeout(600000);

  it('ends when the run of the tests is killed', async () => {
    const storm = JSON.stringify(require.resolve('./storm'));
    await assertEndsWithItsRun(
      `require(${storm}).startStorm(1e9).then((storm) => (storm.begin(), storm))`,
    );
  });
});
