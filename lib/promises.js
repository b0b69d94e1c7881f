'use strict';

// The same functions, doing their work on the thread pool. Bad arguments reject, as everything else does.

const { checkPid, checkTreeOptions, collectPids } = require('./arguments');
const binding = require('./binding');
const { asyncProcessHandle } = require('./handle');
const shape = require('./shape');

async function getMemoryInfo(pid = process.pid) {
  checkPid(pid);
  return shape.memoryInfo(pid, shape.orThrow(await binding.readMemoryAsync(pid), pid), 0);
}

async function getMemoryInfoBatch(pids) {
  const checked = collectPids(pids);
  return shape.batch(checked, shape.orThrow(await binding.readMemoryBatchAsync(checked.valid)));
}

async function getTreeMemoryInfo(pid = process.pid, options = undefined) {
  checkPid(pid);
  const footprint = checkTreeOptions(options);
  return shape.tree(pid, shape.orThrow(await binding.readTreeAsync(pid, footprint), pid));
}

async function getTreeMemoryInfoBatch(pids, options = undefined) {
  const checked = collectPids(pids);
  const footprint = checkTreeOptions(options);
  const answers = await binding.readTreesAsync(checked.valid, footprint);
  return shape.treeBatch(checked, shape.orThrow(answers));
}

async function getAllMemoryInfo(options = undefined) {
  const footprint = checkTreeOptions(options);
  return shape.all(shape.orThrow(await binding.readAllAsync(footprint)));
}

async function getMemoryCounters(pid = process.pid) {
  checkPid(pid);
  return shape.counters(pid, shape.orThrow(await binding.readCountersAsync(pid), pid));
}

async function getMemoryFootprint(pid = process.pid) {
  checkPid(pid);
  return shape.footprint(pid, shape.orThrow(await binding.readFootprintAsync(pid), pid));
}

async function getMemoryLimit(pid = process.pid) {
  checkPid(pid);
  return shape.limit(pid, shape.orThrow(await binding.readLimitAsync(pid), pid));
}

async function getSystemMemoryInfo() {
  return shape.orThrow(await binding.readSystemAsync());
}

async function openProcess(pid = process.pid) {
  checkPid(pid);
  return asyncProcessHandle(pid, await binding.openHandleAsync(pid));
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
};
