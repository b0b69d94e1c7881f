'use strict';

// The asynchronous functions. They run on the thread pool, and those that read footprints on dedicated threads. Invalid
// arguments reject the promise.

const { checkPid, checkTreeOptions, checkWaitOptions, collectPids } = require('./validators');
const binding = require('./binding');
const { answerOf } = require('./detached');
const { asyncProcessHandle } = require('./handle');
const results = require('./results');

async function getMemoryInfo(pid = process.pid) {
  checkPid(pid);
  return results.memoryInfo(pid, results.orThrow(await binding.readMemoryAsync(pid), pid), 0);
}

async function getMemoryInfoBatch(pids) {
  const checked = collectPids(pids);
  return results.batch(checked, results.orThrow(await binding.readMemoryBatchAsync(checked.valid)));
}

async function getTreeMemoryInfo(pid = process.pid, options = undefined) {
  checkPid(pid);
  const footprint = checkTreeOptions(options);
  const ask = footprint
    ? () => binding.readTreeDetached(pid, true)
    : () => ({ promise: binding.readTreeAsync(pid, false) });
  return results.tree(pid, results.orThrow(await answerOf(ask, checkWaitOptions(options)), pid));
}

async function getTreeMemoryInfoBatch(pids, options = undefined) {
  const checked = collectPids(pids);
  const footprint = checkTreeOptions(options);
  const ask = footprint
    ? () => binding.readTreesDetached(checked.valid, true)
    : () => ({ promise: binding.readTreesAsync(checked.valid, false) });
  const answers = await answerOf(ask, checkWaitOptions(options));
  return results.treeBatch(checked, results.orThrow(answers));
}

async function getAllMemoryInfo(options = undefined) {
  const footprint = checkTreeOptions(options);
  const ask = footprint
    ? () => binding.readAllDetached(true)
    : () => ({ promise: binding.readAllAsync(false) });
  return results.all(results.orThrow(await answerOf(ask, checkWaitOptions(options))));
}

async function getMemoryCounters(pid = process.pid) {
  checkPid(pid);
  return results.counters(pid, results.orThrow(await binding.readCountersAsync(pid), pid));
}

async function getMemoryFootprint(pid = process.pid, options = undefined) {
  checkPid(pid);
  const ask = () => binding.readFootprintDetached(pid);
  return results.footprint(
    pid,
    results.orThrow(await answerOf(ask, checkWaitOptions(options)), pid),
  );
}

async function getMemoryLimit(pid = process.pid) {
  checkPid(pid);
  return results.limit(pid, results.orThrow(await binding.readLimitAsync(pid), pid));
}

async function getSystemMemoryInfo() {
  return { ...results.orThrow(await binding.readSystemAsync()) };
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
