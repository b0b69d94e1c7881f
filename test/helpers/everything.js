'use strict';

// Calls every function in both forms, once successfully and once for a missing process.

const assert = require('node:assert/strict');

const memory = require('../..');

const NO_PID = 2 ** 32 - 1;
const OF_NO_PID = [
  'getAllMemoryInfo',
  'getMemoryInfoBatch',
  'getSystemMemoryInfo',
  'getTreeMemoryInfoBatch',
];
const OF_A_PID = Object.keys(memory.promises)
  .filter((name) => /^(get|open)/.test(name))
  .filter((name) => !OF_NO_PID.includes(name));

async function askHandle(api, pid) {
  const handle = await api.openProcess(pid);
  await handle.isAlive();
  await handle.getMemoryInfo();
  await handle.getMemoryCounters();
  await handle.getMemoryFootprint();
  await handle.getTreeMemoryInfo();
  handle.close();
  await api.openProcess(pid); // left to the garbage collector
}

async function askEverything(pid) {
  for (const api of [memory, memory.promises]) {
    await api.getSystemMemoryInfo();
    await api.getAllMemoryInfo();
    await api.getMemoryInfoBatch([pid, NO_PID]);
    await api.getTreeMemoryInfoBatch([pid, NO_PID]);
    for (const name of OF_A_PID) {
      const answer = await api[name](pid);
      answer?.close?.();
      await assert.rejects(async () => api[name](NO_PID), { code: 'ESRCH' });
    }
    await api.getTreeMemoryInfo(pid, { footprint: true });
    await askHandle(api, pid);
  }
}

module.exports = { askEverything };
