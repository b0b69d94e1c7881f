'use strict';

// The public synchronous functions. index.d.ts documents them.

const { checkPid, checkTreeOptions, collectPids } = require('./validators');
const binding = require('./binding');
const { withAppMetrics } = require('./app-metrics');
const { systemError } = require('./errors');
const { processHandle } = require('./handle');
const promises = require('./promises');
const results = require('./results');

const { numbers } = binding;

function getMemoryInfo(pid = process.pid) {
  checkPid(pid);
  const failure = binding.readMemory(pid);
  if (failure !== undefined) throw systemError(failure, pid);
  return results.memoryInfo(pid, numbers, 0);
}

function getMemoryInfoBatch(pids) {
  const checked = collectPids(pids);
  return results.batch(checked, results.orThrow(binding.readMemoryBatch(checked.valid)));
}

function getTreeMemoryInfo(pid = process.pid, options = undefined) {
  checkPid(pid);
  const footprint = checkTreeOptions(options);
  return results.tree(pid, results.orThrow(binding.readTree(pid, footprint), pid));
}

function getTreeMemoryInfoBatch(pids, options = undefined) {
  const checked = collectPids(pids);
  const footprint = checkTreeOptions(options);
  const answers = binding.readTrees(checked.valid, footprint);
  return results.treeBatch(checked, results.orThrow(answers));
}

function getAllMemoryInfo(options = undefined) {
  const footprint = checkTreeOptions(options);
  return results.all(results.orThrow(binding.readAll(footprint)));
}

function getMemoryCounters(pid = process.pid) {
  checkPid(pid);
  return results.counters(pid, results.orThrow(binding.readCounters(pid), pid));
}

function getMemoryFootprint(pid = process.pid) {
  checkPid(pid);
  return results.footprint(pid, results.orThrow(binding.readFootprint(pid), pid));
}

function getMemoryLimit(pid = process.pid) {
  checkPid(pid);
  return results.limit(pid, results.orThrow(binding.readLimit(pid), pid));
}

function getSystemMemoryInfo() {
  return { ...results.orThrow(binding.readSystem()) };
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
