'use strict';

// Promise calls from many workers at once, to be run by ThreadSanitizer: workers.js WORKERS ROUNDS.

const { isMainThread, Worker, workerData } = require('node:worker_threads');

const memory = require('../..');
const { NO_PID, callsOfHandle, callsOfPids } = require('../helpers/everything');

/** All queries at once, including those that fail. */
function askAll(pid) {
  const { promises } = memory;
  const withHandle = async () => {
    const handle = await promises.openProcess(pid);
    const answers = callsOfHandle(handle).map(([, ask]) => ask());
    handle.close(); // while the queries are running
    await Promise.all(answers);
  };
  return Promise.all([
    promises.getSystemMemoryInfo(),
    ...callsOfPids(promises, pid, [pid, NO_PID]).map(([, ask]) => ask()),
    promises.getMemoryInfo(NO_PID).catch(({ code }) => code),
    withHandle(),
  ]);
}

async function work({ pid, rounds }) {
  const own = memory.openProcess();
  const shared = await memory.promises.openProcess(pid);
  for (let i = 0; i < rounds; i++) {
    const answers = Promise.all([
      askAll(pid),
      ...Array.from({ length: 8 }, () => shared.getMemoryInfo()),
    ]);
    memory.getMemoryInfo();
    own.getMemoryInfo();
    memory.getTreeMemoryInfo();
    await answers;
  }
  own.close();
  shared.close();
}

async function main() {
  const [workers, rounds] = process.argv.slice(2).map(Number);
  const data = { pid: process.pid, rounds };
  const ends = Array.from({ length: workers }, () => {
    const worker = new Worker(__filename, { workerData: data });
    return new Promise((resolve, reject) => {
      worker.once('error', reject);
      worker.once('exit', resolve);
    });
  });
  await Promise.all([work(data), ...ends]);
  console.log(`${(workers + 1) * rounds} rounds`);
}

if (isMainThread) main();
else work(workerData);
