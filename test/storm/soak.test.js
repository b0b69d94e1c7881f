'use strict';

// Memory does not grow over ten million calls, which is 2,800 calls per second for an hour.

const assert = require('node:assert/strict');
const fs = require('node:fs');

const memory = require('../..');
const { startFixture } = require('../helpers/child');
const { askEverything } = require('../helpers/everything');

const CALLS = Number(process.env.PMI_CALLS || 1e7);
const ROUNDS = 20;
const MOST_KIB = 2048; // how much the memory of Node.js itself may differ between two rounds
const NO_PID = 2 ** 32 - 1;

const openDescriptors = () => fs.readdirSync('/proc/self/fd').length;

/** A hundred calls. Expensive queries are rare. */
function hundred(pid, own, other) {
  for (let i = 0; i < 80; i++) own.getMemoryInfo();
  for (let i = 0; i < 8; i++) other.getMemoryInfo();
  for (let i = 0; i < 6; i++) memory.getMemoryInfo();
  other.isAlive();
  memory.getMemoryInfo(pid);
  memory.getMemoryInfoBatch([pid]);
  memory.getSystemMemoryInfo();
  try {
    memory.getMemoryInfo(NO_PID);
  } catch {}
  try {
    memory.openProcess(NO_PID);
  } catch {}
}

describe(`${CALLS} calls`, function () {
  this.timeout(600000);

  it('leak no memory and no descriptor', async function () {
    const { pid } = await startFixture('fan', 1);
    const own = memory.openProcess();
    const other = memory.openProcess(pid);
    const figures = [];
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = 0; i < CALLS / ROUNDS / 100; i++) {
        hundred(pid, own, other);
        if (i % 500 === 0) await askEverything(pid);
      }
      gc();
      await new Promise(setImmediate); // when collected objects are finalized
      figures.push({ kib: memory.getMemoryInfo().privateBytes, descriptors: openDescriptors() });
    }
    own.close();
    other.close();
    const [begin, end] = [figures[ROUNDS / 4], figures.at(-1)];
    const grown = end.kib - begin.kib;
    assert.ok(grown < MOST_KIB, `grew by ${grown} KiB: ${figures.map(({ kib }) => kib)}`);
    assert.equal(end.descriptors, begin.descriptors);
    this.test.title += ` (${grown} KiB and no descriptor more after them than after the first quarter)`;
  });
});
