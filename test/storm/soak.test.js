'use strict';

// Ten million calls, as many as an hour brings to somebody who asks 2,800 times a second, and memory that stays as it is.

const assert = require('node:assert/strict');
const fs = require('node:fs');

const memory = require('../..');
const { startZoo } = require('../helpers/child');

const CALLS = 1e7;
const ROUNDS = 20;
const MOST_KIB = 4096; // in which the heap of JavaScript may differ from one round to another

const none = 2 ** 32 - 1;

function attempt(question) {
  try {
    question();
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Of every hundred calls, how many are of which question; what is dear is asked seldom. */
function hundred(pid, own, other) {
  for (let i = 0; i < 80; i++) own.getMemoryInfo();
  for (let i = 0; i < 8; i++) other.getMemoryInfo();
  for (let i = 0; i < 5; i++) memory.getMemoryInfo();
  other.isAlive();
  memory.getMemoryInfo(pid);
  memory.getMemoryInfoBatch([pid]);
  attempt(() => memory.getMemoryInfo(none));
  attempt(() => memory.openProcess(none));
  memory.getSystemMemoryInfo();
  attempt(() => memory.getMemoryCounters(none));
}

/** And of every thousand rounds of that, once more all there is. */
async function everything(pid) {
  for (const api of [memory, memory.promises]) {
    await api.getMemoryInfo(pid);
    await api.getMemoryInfoBatch([pid, none]);
    await api.getTreeMemoryInfo(pid, { footprint: true });
    await api.getMemoryCounters(pid);
    await api.getMemoryFootprint(pid);
    await api.getMemoryLimit(pid);
    const handle = await api.openProcess(pid);
    await handle.getMemoryFootprint();
    handle.close();
  }
}

describe(`${CALLS} calls`, function () {
  this.timeout(900000);

  it('leave memory and descriptors as they were', async function () {
    const { pid } = await startZoo('fan', 1);
    const own = memory.openProcess();
    const other = memory.openProcess(pid);
    const descriptors = fs.readdirSync('/proc/self/fd').length;
    const figures = [];
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = 0; i < CALLS / ROUNDS / 100; i++) {
        hundred(pid, own, other);
        if (i % 1000 === 0) await everything(pid);
      }
      gc();
      figures.push(memory.getMemoryInfo().privateBytes);
    }
    own.close();
    other.close();
    assert.ok(fs.readdirSync('/proc/self/fd').length <= descriptors);
    const settled = figures.slice(ROUNDS / 4);
    const grown = settled.at(-1) - settled[0];
    assert.ok(grown < MOST_KIB, `grew by ${grown} KiB: ${figures}`);
    this.test.title += ` (${grown} KiB between the first quarter and the end)`;
  });
});
