'use strict';

// Runs every query, without waiting for answers, until it is terminated.

const { parentPort, workerData } = require('node:worker_threads');

const { NO_PID, callsOfHandle, callsOfPids } = require('../helpers/everything');

const { entry, pid, counts } = workerData;
const memory = require(entry);
const { promises } = memory;

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
  for (const [, question] of callsOfPids(promises, pid, [pid, NO_PID])) ask(question);
  ask(() => promises.getSystemMemoryInfo());
  ask(() => promises.getMemoryInfo(NO_PID), 'ESRCH');
  ask(async () => {
    const handle = await promises.openProcess(pid);
    await Promise.all(callsOfHandle(handle).map(([, question]) => question()));
  });
  memory.getTreeMemoryInfo(pid);
  memory.getMemoryInfo();
}

for (let i = 0; i < 10; i++) askAll();
setInterval(askAll, 1);
parentPort.postMessage('asking');
