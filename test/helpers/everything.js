'use strict';

// Every question there is, in both forms, each with an answer and with the error for what is no process.

const assert = require('node:assert/strict');

const memory = require('../..');

const NO_PID = 2 ** 32 - 1;

async function askHandle(api, pid) {
  const handle = await api.openProcess(pid);
  await handle.isAlive();
  await handle.getMemoryInfo();
  await handle.getMemoryCounters();
  await handle.getMemoryFootprint();
  handle.close();
  await api.openProcess(pid); // left to the garbage collector
}

async function askEverything(pid) {
  for (const api of [memory, memory.promises]) {
    for (const name of Object.keys(api).filter((key) => /^(get|open)/.test(key))) {
      if (name === 'getSystemMemoryInfo') {
        await api[name]();
      } else if (name === 'getMemoryInfoBatch') {
        await api[name]([pid, NO_PID]);
      } else {
        const answer = await api[name](pid);
        answer?.close?.();
        await assert.rejects(async () => api[name](NO_PID), { code: 'ESRCH' });
      }
    }
    await api.getTreeMemoryInfo(pid, { footprint: true });
    await askHandle(api, pid);
  }
}

module.exports = { askEverything };
