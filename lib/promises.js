'use strict';

// The same functions, doing their work on the thread pool. Bad arguments reject, as everything else does.

const { checkPid, collectPids } = require('./arguments');
const binding = require('./binding');
const shape = require('./shape');

async function getMemoryInfo(pid = process.pid) {
  checkPid(pid);
  return shape.memoryInfo(pid, shape.orThrow(await binding.readMemoryAsync(pid), pid), 0);
}

async function getMemoryInfoBatch(pids) {
  const checked = collectPids(pids);
  return shape.batch(checked, await binding.readMemoryBatchAsync(checked.valid));
}

async function getTreeMemoryInfo(pid = process.pid) {
  checkPid(pid);
  return shape.tree(pid, shape.orThrow(await binding.readTreeAsync(pid), pid));
}

module.exports = { getMemoryInfo, getMemoryInfoBatch, getTreeMemoryInfo };
