'use strict';

// Converts the binding's results to the objects of the API. The binding's `layout` is the order of the numbers. NaN
// means that the system did not report a value; its key is left out.

const binding = require('./binding').load();
const { systemError } = require('./errors');

const { layout } = binding;

// Constants, so that V8 optimizes them as such.
const WORKING_SET = layout.workingSetSize;
const PEAK = layout.peakWorkingSetSize;
const PRIVATE = layout.privateBytes;
const SHARED = layout.sharedBytes;
const PID = layout.pid;
const PPID = layout.ppid;
const CREATION_TIME = layout.creationTime;
const ALIVE = layout.alive;
const FORKED = layout.forked;
const PROCESS_NUMBERS = layout.processNumbers;

const isFailure = (answer) =>
  answer !== null && typeof answer === 'object' && Object.hasOwn(answer, 'code');

/** Throws if the binding returned a failure; without a pid it does not concern a particular process. */
function orThrow(answer, pid) {
  if (isFailure(answer)) throw systemError(answer, pid);
  return answer;
}

/**
 * Awaits the result of a query. `start` starts it and returns its promise and, if it can be abandoned, its `id`.
 * An abandoned query that has begun continues in the kernel, but nothing waits for it.
 */
async function answerOf(start, { signal, timeout }) {
  signal?.throwIfAborted();
  const { promise, id } = start();
  if (signal === undefined && timeout === undefined) return promise;
  return new Promise((resolve, reject) => {
    let timer;
    const end = (settle) => (value) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      settle(value);
    };
    const giveUp = end((reason) => {
      if (id !== undefined) binding.abandon(id);
      reject(reason);
    });
    const abort = () => giveUp(signal.reason);
    signal?.addEventListener('abort', abort);
    if (timeout !== undefined) {
      const late = () => giveUp(new DOMException('The operation timed out', 'TimeoutError'));
      timer = setTimeout(late, timeout);
    }
    promise.then(end(resolve), end(reject));
  });
}

const tellsAll = (numbers, at) =>
  numbers[at + PEAK] >= 0 && numbers[at + PRIVATE] >= 0 && numbers[at + SHARED] >= 0;

/** Creates a MemoryInfo from the numbers at `at`. */
function memoryInfo(pid, numbers, at) {
  const workingSetSize = numbers[at + WORKING_SET];
  const peakWorkingSetSize = numbers[at + PEAK];
  const privateBytes = numbers[at + PRIVATE];
  const sharedBytes = numbers[at + SHARED];
  if (tellsAll(numbers, at)) {
    return { pid, workingSetSize, peakWorkingSetSize, privateBytes, sharedBytes };
  }
  const info = { pid, workingSetSize };
  if (peakWorkingSetSize >= 0) info.peakWorkingSetSize = peakWorkingSetSize;
  if (privateBytes >= 0) info.privateBytes = privateBytes;
  if (sharedBytes >= 0) info.sharedBytes = sharedBytes;
  return info;
}

/** Creates a ProcessMemoryInfo without footprint from the numbers at `at`; an object literal is fastest. */
function processInfo(name, numbers, at) {
  const pid = numbers[at + PID];
  const ppid = numbers[at + PPID];
  const creationTime = numbers[at + CREATION_TIME];
  const alive = numbers[at + ALIVE] === 1;
  if (!tellsAll(numbers, at)) {
    return { ...memoryInfo(pid, numbers, at), ppid, name, creationTime, alive };
  }
  const info = {
    pid,
    workingSetSize: numbers[at + WORKING_SET],
    peakWorkingSetSize: numbers[at + PEAK],
    privateBytes: numbers[at + PRIVATE],
    sharedBytes: numbers[at + SHARED],
    ppid,
    name,
    creationTime,
    alive,
  };
  if (numbers[at + FORKED] === 1) info.forked = true;
  return info;
}

const fulfilled = (value) => ({ status: 'fulfilled', value });
const rejected = (reason) => ({ status: 'rejected', reason });

/** One entry per pid. `entry` creates those of valid pids from their index among the valid pids. */
function settle({ pids, errors }, entry) {
  let asked = 0;
  return pids.map((pid, index) => {
    const error = errors.get(index);
    return error === undefined ? entry(pid, asked++) : rejected(error);
  });
}

/** One entry per pid, in the form of Promise.allSettled(). */
function batch(checked, { numbers, failures }) {
  const failed = new Map(failures.map((failure) => [failure.index, failure]));
  return settle(checked, (pid, at) => {
    const failure = failed.get(at);
    if (failure !== undefined) return rejected(systemError(failure, pid));
    return fulfilled(memoryInfo(pid, numbers, at * layout.memoryNumbers));
  });
}

/** The total footprint of a tree, which counts neither pages nor memory shared as a whole twice. */
function footprintTotal(footprints) {
  const counted = footprints.filter((footprint) => !Object.hasOwn(footprint, 'sharesMemoryWith'));
  const methods = new Set(footprints.map(({ method }) => method));
  return {
    footprint: counted.reduce((total, { footprint }) => total + footprint, 0),
    covered: footprints.filter((footprint) => !Object.hasOwn(footprint, 'code')).length,
    of: footprints.length,
    method: [...methods].sort().join('+'),
  };
}

function totalOf(processes, footprints) {
  let workingSetSize = 0;
  let privateBytes = 0; // NaN if that of any process is unknown
  for (const info of processes) {
    workingSetSize += info.workingSetSize;
    privateBytes += Object.hasOwn(info, 'privateBytes') ? info.privateBytes : Number.NaN;
  }
  const total = { processes: processes.length, workingSetSize };
  if (privateBytes >= 0) total.privateBytes = privateBytes;
  if (footprints.length > 0) total.footprint = footprintTotal(footprints);
  return total;
}

/** The size of a process or total for comparisons; some systems do not report private memory. */
const sizeOf = ({ privateBytes, workingSetSize }) => privateBytes ?? workingSetSize;

/** An AllMemoryInfo: a tree without its root. */
function all({ numbers, names, footprints, unreadable }) {
  const processes = [];
  for (let index = 0; index < names.length; index++) {
    const info = processInfo(names[index], numbers, index * PROCESS_NUMBERS);
    processes.push(
      index < footprints.length ? { ...info, footprint: { ...footprints[index] } } : info,
    );
  }
  return {
    processes,
    total: totalOf(processes, footprints),
    // Array.from(), not map(), creates an array of this file's realm, whatever the realm of the binding's array.
    unreadable: Array.from(unreadable, ({ pid, code, syscall }) => ({ pid, code, syscall })),
  };
}

/** A TreeMemoryInfo. */
function tree(pid, answer) {
  return { pid, ...all(answer) };
}

/** One entry per root, in the form of Promise.allSettled(). */
function treeBatch(checked, answers) {
  return settle(checked, (pid, at) => {
    const answer = answers[at];
    return isFailure(answer) ? rejected(systemError(answer, pid)) : fulfilled(tree(pid, answer));
  });
}

/** MemoryCounters. */
function counters(pid, answer) {
  return { pid, platform: process.platform, ...answer };
}

/** A MemoryFootprint. */
function footprint(pid, answer) {
  return { pid, ...answer };
}

/** A MemoryLimit, or null. */
function limit(pid, answer) {
  return answer === null ? null : { pid, ...answer };
}

module.exports = {
  all,
  answerOf,
  batch,
  counters,
  footprint,
  limit,
  memoryInfo,
  orThrow,
  sizeOf,
  totalOf,
  tree,
  treeBatch,
};
