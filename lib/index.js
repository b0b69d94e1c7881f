'use strict';

// The public functions that answer at once. index.d.ts documents them.

const { checkPid, checkTreeOptions, collectPids } = require('./arguments');
const binding = require('./binding');
const { withAppMetrics } = require('./electron');
const { systemError } = require('./errors');
const { processHandle } = require('./handle');
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
  return shape.batch(checked, shape.orThrow(binding.readMemoryBatch(checked.valid)));
}

function getTreeMemoryInfo(pid = process.pid, options = undefined) {
  checkPid(pid);
  const footprint = checkTreeOptions(options);
  return shape.tree(pid, shape.orThrow(binding.readTree(pid, footprint), pid));
}

function getTreeMemoryInfoBatch(pids, options = undefined) {
  const checked = collectPids(pids);
  const footprint = checkTreeOptions(options);
  const answers = binding.readTrees(checked.valid, footprint);
  return shape.treeBatch(checked, shape.orThrow(answers));
}

function getAllMemoryInfo(options = undefined) {
  const footprint = checkTreeOptions(options);
  return shape.all(shape.orThrow(binding.readAll(footprint)));
}

function getMemoryCounters(pid = process.pid) {
  checkPid(pid);
  return shape.counters(pid, shape.orThrow(binding.readCounters(pid), pid));
}

function getMemoryFootprint(pid = process.pid) {
  checkPid(pid);
  return shape.footprint(pid, shape.orThrow(binding.readFootprint(pid), pid));
}

function getMemoryLimit(pid = process.pid) {
  checkPid(pid);
  return shape.limit(pid, shape.orThrow(binding.readLimit(pid), pid));
}

function getSystemMemoryInfo() {
  return { ...shape.orThrow(binding.readSystem()) };
}

function openProcess(pid = process.pid) {
  checkPid(pid);
  return processHandle(pid, binding.openHandle(pid));
}

module.exports = {
  getAllMemoryInfo,
  getMemoryCounters,
  getMemoryFootprint,
  getMemoryInfo,
  getMemoryInfoBatch,
  getMemoryLimit,
  getSystemMemoryInfo,
  getTreeMemoryInfo,
  getTreeMemoryInfoBatch,
  openProcess,
  promises,
  withAppMetrics,
};
