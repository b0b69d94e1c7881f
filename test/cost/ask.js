'use strict';

// Calls each public function once to warm up and once between accesses to two missing files, whose names mark the
// beginning and the end of the call in the log of strace.

const fs = require('node:fs');

const memory = require('../..');

const [pid, ...others] = process.argv.slice(2).map(Number);
const handle = memory.openProcess(pid);
const own = memory.openProcess();

const QUESTIONS = {
  'getMemoryInfo()': () => memory.getMemoryInfo(),
  'getMemoryInfo(pid)': () => memory.getMemoryInfo(pid),
  'getMemoryInfoBatch(pids), of 3': () => memory.getMemoryInfoBatch(others),
  'getTreeMemoryInfo(pid), of 4': () => memory.getTreeMemoryInfo(pid),
  'getTreeMemoryInfo(pid, { footprint: true }), of 4': () =>
    memory.getTreeMemoryInfo(pid, { footprint: true }),
  'getMemoryCounters(pid)': () => memory.getMemoryCounters(pid),
  'getMemoryFootprint(pid)': () => memory.getMemoryFootprint(pid),
  'getSystemMemoryInfo()': () => memory.getSystemMemoryInfo(),
  'openProcess(pid), close()': () => memory.openProcess(pid).close(),
  'handle.isAlive()': () => handle.isAlive(),
  'handle.getMemoryInfo()': () => handle.getMemoryInfo(),
  'handle.getMemoryInfo(), of itself': () => own.getMemoryInfo(),
  'handle.getMemoryCounters()': () => handle.getMemoryCounters(),
  'handle.getMemoryFootprint()': () => handle.getMemoryFootprint(),
};

for (const [name, ask] of Object.entries(QUESTIONS)) {
  ask();
  fs.existsSync(`/begin ${name}`);
  ask();
  fs.existsSync(`/end ${name}`);
}
