'use strict';

// The questions that are put while calls fail, and what each may then answer.

const assert = require('node:assert/strict');

/** What a failed call is called in an error, if it is told at all. */
const CODE_OF = { ENOENT: 'ESRCH' };
const codeOf = (fault) => CODE_OF[fault.code] ?? fault.code;

/** Of an answer that is to be closed. */
const CLOSE = Symbol('close');

const isRefusal = (code) => code === 'EPERM' || code === 'EACCES';

/** What is a process's alone, and its share of the rest, depends on who else maps the same pages at the moment. */
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

/** In a tree a process may be refused, and one that seems to have exited is left out; the root may not. */
function assertTree(answer, baseline, fault) {
  const expected = new Map(baseline.processes.map((info) => [info.pid, info]));
  assert.equal(answer.processes[0].pid, baseline.pid);
  for (const info of answer.processes) {
    assert.ok(expected.has(info.pid), `${info.pid} is none of the tree`);
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
    assert.ok(expected.delete(pid), `${pid} is none of the tree`);
    assert.equal(code, codeOf(fault));
    assert.match(syscall, /^(open|read)$/);
  }
  // Who may not look at a process for good has no way to know of its children.
  const mayMiss = codeOf(fault) === 'ESRCH' || (isRefusal(fault.code) && fault.lasting);
  if (!mayMiss) assert.equal(expected.size, 0, 'a process is missing');
  assert.equal(answer.total.processes, answer.processes.length);
}

/** A limit may only be less well known than without the fault, and then it says so. */
function assertLimit(answer, baseline) {
  if (answer === null || answer.complete) {
    assert.equal(answer === null, baseline === null);
    if (answer === null) return;
    for (const key of ['pid', 'limit', 'high', 'source']) assert.equal(answer[key], baseline[key]);
  } else if (answer.limit !== undefined) {
    assert.ok(baseline.limit !== undefined && answer.limit >= baseline.limit);
  }
}

/** Each entry is either right or says what failed. */
function assertBatch(answer, baseline, fault) {
  assert.equal(answer.length, baseline.length);
  answer.forEach((entry, index) => {
    if (entry.status === 'rejected' && entry.reason.code === codeOf(fault)) return;
    assert.deepEqual(entry.status, baseline[index].status);
    if (entry.status === 'fulfilled') assert.deepEqual(entry.value, baseline[index].value);
    else assert.equal(entry.reason.code, baseline[index].reason.code);
  });
}

/** The machine's memory moves on its own; what does not must be right. */
function assertSystem(answer, baseline) {
  assert.deepEqual(Object.keys(answer), Object.keys(baseline));
  assert.equal(answer.total, baseline.total);
  assert.equal(answer.swapTotal, baseline.swapTotal);
}

const equal = (answer, baseline) => assert.deepEqual(answer, baseline);

/**
 * `ask` puts the question. `right` throws where an answer is wrong in the light of `baseline`, the answer without a
 * fault. `codes` are those that an error may bear beside that of the failed call itself. `pid` tells whether the error
 * names the process.
 */
function questions(api, pid, handle) {
  return {
    getMemoryInfo: { ask: () => api.getMemoryInfo(pid), right: equal },
    getMemoryInfoBatch: {
      ask: () => api.getMemoryInfoBatch([pid, 2 ** 32 - 1, pid]),
      right: assertBatch,
      pid: false,
    },
    getTreeMemoryInfo: { ask: () => api.getTreeMemoryInfo(pid), right: assertTree },
    'getTreeMemoryInfo with footprints': {
      ask: () => api.getTreeMemoryInfo(pid, { footprint: true }),
      right: assertTree,
    },
    getMemoryCounters: { ask: () => api.getMemoryCounters(pid), right: equal },
    getMemoryFootprint: { ask: () => api.getMemoryFootprint(pid), right: assertFootprint },
    // A file of a cgroup that is not there is no missing process: EIO, or ENOSYS if no cgroup is to be seen at all.
    getMemoryLimit: {
      ask: () => api.getMemoryLimit(pid),
      right: assertLimit,
      codes: ['EIO', 'ENOSYS'],
    },
    // Without /proc/meminfo the machine has no such figures.
    getSystemMemoryInfo: {
      ask: () => api.getSystemMemoryInfo(),
      right: assertSystem,
      codes: ['ENOSYS'],
      pid: false,
    },
    openProcess: {
      ask: async () => {
        const opened = await api.openProcess(pid);
        return { ...opened, [CLOSE]: () => opened.close() };
      },
      right: (answer, baseline) => {
        answer[CLOSE]();
        assert.deepEqual(Object.entries(answer), Object.entries(baseline));
      },
    },
    'handle.isAlive': {
      ask: () => handle.isAlive(),
      // A process whose status is gone is itself gone.
      right: (answer, baseline, fault) =>
        assert.equal(answer, codeOf(fault) === 'ESRCH' ? answer : baseline),
    },
    'handle.getMemoryInfo': { ask: () => handle.getMemoryInfo(), right: equal },
    'handle.getMemoryCounters': { ask: () => handle.getMemoryCounters(), right: equal },
    'handle.getMemoryFootprint': { ask: () => handle.getMemoryFootprint(), right: assertFootprint },
  };
}

module.exports = { CLOSE, codeOf, questions };
