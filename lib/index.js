'use strict';

// The public functions, synchronous and as promises. index.d.ts and lib/promises.d.ts document them. What few programs
// use is loaded by its first call.

const binding = require('./binding').load();
const {
  checkPid,
  checkTreeOptions,
  checkWaitOptions,
  collectPids,
  systemError,
} = require('./errors');
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
  const { processHandle } = require('./handle');
  return processHandle(pid, binding.openHandle(pid));
}

function withAppMetrics(tree, metrics) {
  return require('./app-metrics').withAppMetrics(tree, metrics);
}

// They run on the thread pool, and those that read footprints on dedicated threads. Invalid arguments reject the promise.
const promises = {
  async getMemoryInfo(pid = process.pid) {
    checkPid(pid);
    return results.memoryInfo(pid, results.orThrow(await binding.readMemoryAsync(pid), pid), 0);
  },

  async getMemoryInfoBatch(pids) {
    const checked = collectPids(pids);
    return results.batch(
      checked,
      results.orThrow(await binding.readMemoryBatchAsync(checked.valid)),
    );
  },

  async getTreeMemoryInfo(pid = process.pid, options = undefined) {
    checkPid(pid);
    const footprint = checkTreeOptions(options);
    const ask = footprint
      ? () => binding.readTreeDetached(pid, true)
      : () => ({ promise: binding.readTreeAsync(pid, false) });
    return results.tree(
      pid,
      results.orThrow(await results.answerOf(ask, checkWaitOptions(options)), pid),
    );
  },

  async getTreeMemoryInfoBatch(pids, options = undefined) {
    const checked = collectPids(pids);
    const footprint = checkTreeOptions(options);
    const ask = footprint
      ? () => binding.readTreesDetached(checked.valid, true)
      : () => ({ promise: binding.readTreesAsync(checked.valid, false) });
    const answers = await results.answerOf(ask, checkWaitOptions(options));
    return results.treeBatch(checked, results.orThrow(answers));
  },

  async getAllMemoryInfo(options = undefined) {
    const footprint = checkTreeOptions(options);
    const ask = footprint
      ? () => binding.readAllDetached(true)
      : () => ({ promise: binding.readAllAsync(false) });
    return results.all(results.orThrow(await results.answerOf(ask, checkWaitOptions(options))));
  },

  async getMemoryCounters(pid = process.pid) {
    checkPid(pid);
    return results.counters(pid, results.orThrow(await binding.readCountersAsync(pid), pid));
  },

  async getMemoryFootprint(pid = process.pid, options = undefined) {
    checkPid(pid);
    const ask = () => binding.readFootprintDetached(pid);
    return results.footprint(
      pid,
      results.orThrow(await results.answerOf(ask, checkWaitOptions(options)), pid),
    );
  },

  async getMemoryLimit(pid = process.pid) {
    checkPid(pid);
    return results.limit(pid, results.orThrow(await binding.readLimitAsync(pid), pid));
  },

  async getSystemMemoryInfo() {
    return { ...results.orThrow(await binding.readSystemAsync()) };
  },

  async openProcess(pid = process.pid) {
    checkPid(pid);
    const { asyncProcessHandle } = require('./handle');
    return asyncProcessHandle(pid, await binding.openHandleAsync(pid));
  },
};

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
