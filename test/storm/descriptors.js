'use strict';

// Runs every query on a process with three children while all but a few descriptors are taken. Prints how many queries
// succeeded and how many failed with EMFILE.

const assert = require('node:assert/strict');
const fs = require('node:fs');

const memory = require('../..');
const { callsOfHandle, callsOfPids } = require('../helpers/everything');

const ROUNDS = 200;
const MOST_LEFT = 5;

const pid = Number(process.argv[2]);

/** The values of a batch, which has two entries; throws what one was rejected with. */
function valuesOf(entries) {
  const refused = entries.find(({ status }) => status === 'rejected');
  if (refused !== undefined) throw refused.reason;
  assert.equal(entries.length, 2);
  return entries.map(({ value }) => value);
}

const isWhole = (tree) => tree.processes.length === 4;

/** Whether an answer is right. */
const RIGHT = {
  getMemoryInfo: (info) => info.pid === pid,
  getTreeMemoryInfo: isWhole,
  'getTreeMemoryInfo with footprints': (tree) => tree.total.footprint.covered === 4,
  getMemoryCounters: (counters) => counters.rss > 0,
  getMemoryFootprint: (footprint) => footprint.uss > 0,
  getMemoryLimit: (limit) => limit !== undefined,
  openProcess: () => true,
  getMemoryInfoBatch: (entries) => valuesOf(entries).every((info) => info.pid === pid),
  getTreeMemoryInfoBatch: (entries) => valuesOf(entries).every(isWhole),
  getSystemMemoryInfo: (system) => system.total > 0,
  'handle.isAlive': (alive) => alive,
  'handle.getMemoryInfo': (info) => info.pid === pid,
  'handle.getTreeMemoryInfo': isWhole,
  'handle.getMemoryCounters': (counters) => counters.rss > 0,
  'handle.getMemoryFootprint': (footprint) => footprint.uss > 0,
};

/** Each query returns whether its answer is right. */
const questions = (api, handle) =>
  [
    ...callsOfPids(api, pid, [pid, pid]),
    ['getSystemMemoryInfo', () => api.getSystemMemoryInfo()],
    ...callsOfHandle(handle),
  ].map(([name, ask]) => [name, async () => RIGHT[name](await ask())]);

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
      for (const [name, ask] of all) {
        const outcome = await ask().catch((error) => {
          assert.equal(error.code, 'EMFILE', error.stack);
          return error.code;
        });
        assert.ok(outcome === true || outcome === 'EMFILE', `${outcome} of ${name}`);
        counts[outcome === true ? 'right' : outcome]++;
      }
      fs.closeSync(held.pop());
    }
    for (const fd of held) fs.closeSync(fd);
    for (const [name, ask] of all) assert.equal(await ask(), true, name);
  }
  console.log(JSON.stringify(counts));
}

main();
