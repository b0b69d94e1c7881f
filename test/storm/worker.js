'use strict';

// Runs every query, without waiting for answers, until it is terminated.

const { parentPort, workerData } = require('node:worker_threads');

const { entry, pid, counts } = workerData;
const memory = require(entry);
const { promises } = memory;

const NO_PID = 2 ** 32 - 1;

async function ask(question, expected) {
  Atomics.add(counts, 0, 1);
  let code;
  try {
    await question();
  } catch (error) {
    if (error.code !== expected) throw error;
    ({ code } = error);
  }
  if (code !== expected) throw new Error(`${code} instead of ${expected}`);
  Atomics.add(counts, 1, 1);
}

globalThis.kept = memory.openProcess(pid);

function askAll() {
  ask(() => promises.getTreeMemoryInfo(pid, { footprint: true }));
  ask(() => promises.getMemoryInfoBatch([pid, 1, NO_PID]));
  ask(() => promises.getMemoryInfo(pid));
  ask(() => promises.getMemoryInfo(NO_PID), 'ESRCH');
  ask(() => promises.getMemoryCounters(pid));
  ask(() => promises.getMemoryFootprint(pid));
  ask(() => promises.getMemoryLimit(pid));
  ask(() => promises.getSystemMemoryInfo());
  ask(async () => {
    const handle = await promises.openProcess(pid);
    await Promise.all([handle.getMemoryInfo(), handle.getMemoryFootprint(), handle.isAlive()]);
  });
  memory.getTreeMemoryInfo(pid);
  memory.getMemoryInfo();
}

for (let i = 0; i < 10; i++) askAll();
setInterval(askAll, 1);
parentPort.postMessage('asking');
