'use strict';

// Replaces the trees that the sampler reads by generated ones. Its roots are real.

const { promises } = require('../..');

const { getTreeMemoryInfoBatch } = promises;

/** A tree of these processes, the root first. */
function makeTree(root, ...others) {
  const processes = [root, ...others].map((process) => ({
    workingSetSize: 100,
    peakWorkingSetSize: 100,
    privateBytes: 50,
    sharedBytes: 50,
    ppid: 1,
    name: 'made-up',
    creationTime: 1000,
    alive: true,
    ...process,
  }));
  const sum = (key) => processes.reduce((total, process) => total + process[key], 0);
  const total = {
    processes: processes.length,
    workingSetSize: sum('workingSetSize'),
    privateBytes: sum('privateBytes'),
  };
  return { pid: root.pid, processes, total, unreadable: [] };
}

/** Reads each root by `answer(pid, options)` until `restore()`. */
function answerWith(answer) {
  promises.getTreeMemoryInfoBatch = (pids, options) =>
    Promise.allSettled(pids.map(async (pid) => answer(pid, options)));
}

function restore() {
  promises.getTreeMemoryInfoBatch = getTreeMemoryInfoBatch;
}

module.exports = { answerWith, makeTree, restore };
