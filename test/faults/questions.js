'use strict';

// The queries that run while calls fail, and their allowed results.

const assert = require('node:assert/strict');

const { NO_PID, callsOfHandle, callsOfMachine, callsOfPids } = require('../helpers/everything');

/** The name of a failed call in an error, if the call is reported. */
const CODE_OF = { ENOENT: 'ESRCH' };
const codeOf = (fault) => CODE_OF[fault.code] ?? fault.code;

/** For a result that must be closed. */
const CLOSE = Symbol('close');

const isRefusal = (code) => code === 'EPERM' || code === 'EACCES';

/** USS and PSS depend on the other processes that currently map the same pages. */
function assertFootprint(answer, baseline) {
  assert.deepEqual(Object.keys(answer), Object.keys(baseline));
  assert.equal(answer.pid, baseline.pid);
  for (const name of ['uss', 'pss']) {
    const [is, was] = [answer[name], baseline[name]];
    assert.ok(is > was / 3 && is < was * 3, `${name}: ${is} for ${was}`);
  }
  assert.ok(answer.pss >= answer.uss);
  assert.equal(answer.footprint, answer.pss + answer.swapPss);
  assert.match(answer.method, /^smaps(_rollup)?$/);
}

/** In a tree a process may be unreadable or, if it seems to have exited, left out; but not the root. */
function assertTree(answer, baseline, fault) {
  const expected = new Map(baseline.processes.map((info) => [info.pid, info]));
  assert.equal(answer.processes[0].pid, baseline.pid);
  for (const info of answer.processes) {
    assert.ok(expected.has(info.pid), `${info.pid} is not in the tree`);
    const { footprint, ...rest } = info;
    const { footprint: footprintBefore, ...restBefore } = expected.get(info.pid);
    assert.deepEqual(rest, restBefore);
    if (footprintBefore !== undefined && footprint.code === undefined) {
      assertFootprint(footprint, footprintBefore);
    } else if (footprintBefore !== undefined) {
      assert.ok(isRefusal(footprint.code) && footprint.code === fault.code);
      assert.equal(footprint.method, 'status');
      assert.equal(footprint.footprint, info.privateBytes + footprint.swap);
    }
    expected.delete(info.pid);
  }
  for (const { pid, code, syscall } of answer.unreadable) {
    assert.ok(expected.delete(pid), `${pid} is not in the tree`);
    assert.equal(code, codeOf(fault));
    assert.match(syscall, /^(open|read)$/);
  }
  // The children of a process that cannot be read are unknown.
  const mayMiss = codeOf(fault) === 'ESRCH' || (isRefusal(fault.code) && fault.lasting);
  if (!mayMiss) assert.equal(expected.size, 0, 'a process is missing');
  assert.equal(answer.total.processes, answer.processes.length);
}

/** A limit may only be less complete than without the fault, and must report that. */
function assertLimit(answer, baseline) {
  if (answer === null || answer.complete) {
    assert.equal(answer === null, baseline === null);
    if (answer === null) return;
    for (const key of ['pid', 'limit', 'high', 'source']) assert.equal(answer[key], baseline[key]);
  } else if (answer.limit !== undefined) {
    assert.ok(baseline.limit !== undefined && answer.limit >= baseline.limit);
  }
}

/** Each entry is either correct or reports the failed call. */
function assertBatch(answer, baseline, fault) {
  assert.equal(answer.length, baseline.length);
  answer.forEach((entry, index) => {
    if (entry.status === 'rejected' && entry.reason.code === codeOf(fault)) return;
    assert.deepEqual(entry.status, baseline[index].status);
    if (entry.status === 'fulfilled') assert.deepEqual(entry.value, baseline[index].value);
    else assert.equal(entry.reason.code, baseline[index].reason.code);
  });
}

/** Memory of the machine changes by itself; the constant values must be correct. */
function assertSystem(answer, baseline) {
  assert.deepEqual(Object.keys(answer), Object.keys(baseline));
  assert.equal(answer.total, baseline.total);
  assert.equal(answer.swapTotal, baseline.swapTotal);
}

const equal = (answer, baseline) => assert.deepEqual(answer, baseline);

/**
 * `right` throws if a result contradicts the baseline, the result without a fault. `codes` are the codes that an error
 * may have besides that of the failed call. `pid` is whether the error names the process.
 */
const CHECKS = {
  getMemoryInfo: { right: equal },
  getMemoryInfoBatch: { right: assertBatch, pid: false },
  getTreeMemoryInfo: { right: assertTree },
  'getTreeMemoryInfo with footprints': { right: assertTree },
  getMemoryCounters: { right: equal },
  getMemoryFootprint: { right: assertFootprint },
  // A missing file of a cgroup does not mean a missing process: EIO, or ENOSYS if no cgroup is visible.
  getMemoryLimit: { right: assertLimit, codes: ['EIO', 'ENOSYS'] },
  // Without /proc/meminfo these values are not supported.
  getSystemMemoryInfo: { right: assertSystem, codes: ['ENOSYS'], pid: false },
  openProcess: {
    right: (answer, baseline) => {
      answer[CLOSE]();
      assert.deepEqual(Object.entries(answer), Object.entries(baseline));
    },
  },
  'handle.isAlive': {
    // A process without a status has exited.
    right: (answer, baseline, fault) =>
      assert.equal(answer, codeOf(fault) === 'ESRCH' ? answer : baseline),
  },
  'handle.getMemoryInfo': { right: equal },
  'handle.getMemoryCounters': { right: equal },
  'handle.getMemoryFootprint': { right: assertFootprint },
};

/** The checks, each with `ask`, which runs the query. */
function questions(api, pid, handle) {
  const asks = Object.fromEntries([
    ...callsOfPids(api, pid, [pid, NO_PID, pid]),
    ...callsOfMachine(api),
    ...callsOfHandle(handle),
  ]);
  asks.openProcess = async () => {
    const opened = await api.openProcess(pid);
    return { ...opened, [CLOSE]: () => opened.close() };
  };
  return Object.fromEntries(
    Object.entries(CHECKS).map(([name, check]) => [name, { ask: asks[name], ...check }]),
  );
}

module.exports = { CLOSE, codeOf, questions };
