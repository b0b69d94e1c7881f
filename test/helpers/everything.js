'use strict';

// Every call that reads memory: the one list of them. test/contract.test.js checks that it is complete.

const assert = require('node:assert/strict');

const memory = require('../..');

const NO_PID = 2 ** 32 - 1;

const OF_A_PID = [
  'getMemoryInfo',
  'getTreeMemoryInfo',
  'getMemoryCounters',
  'getMemoryFootprint',
  'getMemoryLimit',
  'openProcess',
];
const OF_PIDS = ['getMemoryInfoBatch', 'getTreeMemoryInfoBatch'];
const OF_THE_MACHINE = ['getSystemMemoryInfo', 'getAllMemoryInfo'];
const OF_A_HANDLE = [
  'isAlive',
  'getMemoryInfo',
  'getTreeMemoryInfo',
  'getMemoryCounters',
  'getMemoryFootprint',
];

const call = (api, name, ...args) => [name, () => api[name](...args)];

function openAndClose(api, pid) {
  const opened = api.openProcess(pid);
  // Not instanceof: test/realms.test.js has the promises of another realm.
  return opened.then === undefined ? opened.close() : opened.then((handle) => handle.close());
}

/** Pairs of a name and a call that takes a pid, or several. */
const callsOfPids = (api, pid, pids) => [
  ...OF_A_PID.filter((name) => name !== 'openProcess').map((name) => call(api, name, pid)),
  ['getTreeMemoryInfo with footprints', () => api.getTreeMemoryInfo(pid, { footprint: true })],
  ['openProcess', () => openAndClose(api, pid)],
  ...OF_PIDS.map((name) => call(api, name, pids)),
];

const callsOfMachine = (api) => OF_THE_MACHINE.map((name) => call(api, name));

const callsOfHandle = (handle) =>
  OF_A_HANDLE.map((name) => [`handle.${name}`, () => handle[name]()]);

/** Calls every function in both forms, once successfully and once for a missing process. */
async function askEverything(pid) {
  for (const api of [memory, memory.promises]) {
    const handle = await api.openProcess(pid);
    for (const [, ask] of [
      ...callsOfMachine(api),
      ...callsOfPids(api, pid, [pid, NO_PID]),
      ...callsOfHandle(handle),
    ])
      await ask();
    handle.close();
    await api.openProcess(pid); // left to the garbage collector
    for (const name of OF_A_PID)
      await assert.rejects(async () => api[name](NO_PID), { code: 'ESRCH' });
  }
}

module.exports = {
  NO_PID,
  OF_A_HANDLE,
  OF_A_PID,
  OF_PIDS,
  OF_THE_MACHINE,
  askEverything,
  callsOfHandle,
  callsOfMachine,
  callsOfPids,
};
