'use strict';

// Runs every query, in this thread and in one that ends earlier, to be run by valgrind: everything.js ROUNDS.

const { isMainThread, Worker, workerData } = require('node:worker_threads');

const { askEverything } = require('../helpers/everything');

async function ask(rounds) {
  for (let i = 0; i < rounds; i++) await askEverything(process.pid);
}

async function main() {
  const rounds = Number(process.argv[2]);
  const worker = new Worker(__filename, { workerData: rounds });
  await new Promise((resolve, reject) => worker.once('error', reject).once('exit', resolve));
  await ask(rounds);
  console.log(`${2 * rounds} rounds`);
}

if (isMainThread) main();
else ask(workerData);
