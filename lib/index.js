'use strict';

// The public functions that answer at once. index.d.ts documents them.

const { checkPid, collectPids } = require('./arguments');
const binding = require('./binding');
const { systemError } = require('./errors');
const promises = require('./promises');
const shape = require('./shape');

const { numbers } = binding;

function getMemoryInfo(pid = process.pid) {
  checkPid(pid);
  const failure = binding.readMemory(pid);
  if (failure !== undefined) throw systemError(failure, pid);
  return shape.memoryInfo(pid, numbers, 0);
}

function getMemoryInfoBatch(pids) {
  const checked = collectPids(pids);
  return shape.batch(checked, binding.readMemoryBatch(checked.valid));
}

function getTreeMemoryInfo(pid = process.pid) {
  checkPid(pid);
  return shape.tree(pid, shape.orThrow(binding.readTree(pid), pid));
}

module.exports = { getMemoryInfo, getMemoryInfoBatch, getTreeMemoryInfo, promises };
