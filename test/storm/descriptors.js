'use strict';

// Runs every query on a process with three children while all but a few descriptors are taken. Prints how many queries
// succeeded and how many failed with EMFILE.

const assert = require('node:assert/strict');
const fs = require('node:fs');

const memory = require('../..');

const ROUNDS = 200;
const MOST_LEFT = 5;

const pid = Number(process.argv[2]);

/** Each query returns whether its answer is right. */
function questions(api, handle) {
  return [
    async () => (await api.getMemoryInfo(pid)).pid === pid,
    async () => {
      const entries = await api.getMemoryInfoBatch([pid, pid]);
      const refused = entries.find(({ status }) => status === 'rejected');
      if (refused !== undefined) throw refused.reason;
      return entries.length === 2 && entries.every(({ value }) => value.pid === pid);
    },
    async () => (await api.getTreeMemoryInfo(pid)).processes.length === 4,
    async () =>
      (await api.getTreeMemoryInfo(pid, { footprint: true })).total.footprint.covered === 4,
    async () => (await api.getMemoryCounters(pid)).rss > 0,
    async () => (await api.getMemoryFootprint(pid)).uss > 0,
    async () => (await api.getMemoryLimit(pid)) !== undefined,
    async () => (await api.getSystemMemoryInfo()).total > 0,
    async () => {
      const opened = await api.openProcess(pid);
      const alive = await opened.isAlive();
      opened.close();
      return alive;
    },
    async () => (await handle.getMemoryInfo()).pid === pid,
    async () => (await handle.getMemoryCounters()).rss > 0,
    async () => (await handle.getMemoryFootprint()).uss > 0,
    async () => (await handle.isAlive()) === true,
  ];
}

/** Takes all remaining descriptors. */
function exhaust() {
  const held = [];
  try {
    for (;;) held.push(fs.openSync('/dev/null'));
  } catch (error) {
    assert.equal(error.code, 'EMFILE');
  }
  return held;
}

async function main() {
  const all = [
    ...questions(memory, memory.openProcess(pid)),
    ...questions(memory.promises, await memory.promises.openProcess(pid)),
  ];
  const counts = { right: 0, EMFILE: 0 };
  const atFirst = exhaust();
  for (const fd of atFirst) fs.closeSync(fd);
  for (let round = 0; round < ROUNDS; round++) {
    const held = exhaust();
    assert.equal(held.length, atFirst.length, 'a descriptor was kept');
    for (let left = 0; left <= MOST_LEFT; left++) {
      for (const ask of all) {
        const outcome = await ask().catch((error) => {
          assert.equal(error.code, 'EMFILE', error.stack);
          return error.code;
        });
        assert.ok(outcome === true || outcome === 'EMFILE', `${outcome} of ${ask}`);
        counts[outcome === true ? 'right' : outcome]++;
      }
      fs.closeSync(held.pop());
    }
    for (const fd of held) fs.closeSync(fd);
    for (const ask of all) assert.equal(await ask(), true);
  }
  console.log(JSON.stringify(counts));
}

main();
