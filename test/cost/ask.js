'use strict';

// Calls each public function once to warm up and once between accesses to two missing files, whose names mark the
// beginning and the end of the call in the log of strace.

const fs = require('node:fs');

const memory = require('../..');
const { callsOfHandle, callsOfMachine, callsOfPids } = require('../helpers/everything');

const [pid, ...others] = process.argv.slice(2).map(Number);
const handle = memory.openProcess(pid);
const own = memory.openProcess();

/** What these take depends on the machine. */
const NOT_COUNTED = ['getAllMemoryInfo', 'getMemoryLimit'];

const CALLS = [
  ['getMemoryInfo, of itself', () => memory.getMemoryInfo()],
  ...callsOfPids(memory, pid, others),
  ...callsOfMachine(memory),
  ...callsOfHandle(handle),
  ['handle.getMemoryInfo, of itself', () => own.getMemoryInfo()],
].filter(([name]) => !NOT_COUNTED.includes(name));

for (const [name, ask] of CALLS) {
  ask();
  fs.existsSync(`/begin ${name}`);
  ask();
  fs.existsSync(`/end ${name}`);
}
