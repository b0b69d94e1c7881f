'use strict';

// From the binding's answers to the objects of the API. src/binding.cc says what stands where; NaN is a value that
// the system would not give, and becomes no key at all.

const { systemError } = require('./errors');

const MEMORY_NUMBERS = 4;
const PROCESS_NUMBERS = 7;

/** Throws if the binding answered with a failure, which is about no one process where there is no pid. */
function orThrow(answer, pid) {
  if (answer !== null && typeof answer === 'object' && Object.hasOwn(answer, 'code'))
    throw systemError(answer, pid);
  return answer;
}

/** A MemoryInfo from the numbers at `at`. */
function memoryInfo(pid, numbers, at) {
  const workingSetSize = numbers[at];
  const peakWorkingSetSize = numbers[at + 1];
  const privateBytes = numbers[at + 2];
  const sharedBytes = numbers[at + 3];
  if (peakWorkingSetSize >= 0 && privateBytes >= 0 && sharedBytes >= 0) {
    return { pid, workingSetSize, peakWorkingSetSize, privateBytes, sharedBytes };
  }
  const info = { pid, workingSetSize };
  if (peakWorkingSetSize >= 0) info.peakWorkingSetSize = peakWorkingSetSize;
  if (privateBytes >= 0) info.privateBytes = privateBytes;
  if (sharedBytes >= 0) info.sharedBytes = sharedBytes;
  return info;
}

/** One entry a pid, in the form of Promise.allSettled(). */
function batch({ pids, errors }, { numbers, failures }) {
  const failed = new Map(failures.map((failure) => [failure.index, failure]));
  let asked = 0; // index among the pids that the binding was asked for
  return pids.map((pid, index) => {
    const error = errors.get(index);
    if (error !== undefined) return { status: 'rejected', reason: error };
    const at = asked++;
    const failure = failed.get(at);
    if (failure !== undefined) return { status: 'rejected', reason: systemError(failure, pid) };
    return { status: 'fulfilled', value: memoryInfo(pid, numbers, at * MEMORY_NUMBERS) };
  });
}

/** Adds up a field; a sum of which a part is unknown is unknown. */
function sum(items, field) {
  let total = 0;
  for (const item of items) {
    if (item[field] === undefined) return undefined;
    total += item[field];
  }
  return total;
}

/** The figure of a tree that counts no page twice, and how much of it is exact. */
function footprintTotal(footprints) {
  const methods = new Set(footprints.map(({ method }) => method));
  return {
    footprint: sum(footprints, 'footprint'),
    covered: footprints.filter(({ code }) => code === undefined).length,
    of: footprints.length,
    method: Array.from(methods).sort().join('+'),
  };
}

function totalOf(processes, footprints) {
  const total = { processes: processes.length, workingSetSize: sum(processes, 'workingSetSize') };
  const privateBytes = sum(processes, 'privateBytes');
  if (privateBytes !== undefined) total.privateBytes = privateBytes;
  if (footprints.length > 0) total.footprint = footprintTotal(footprints);
  return total;
}

/** A TreeMemoryInfo. */
function tree(pid, { numbers, names, footprints, unreadable }) {
  const processes = names.map((name, index) => {
    const at = index * PROCESS_NUMBERS;
    const info = memoryInfo(numbers[at], numbers, at + 3);
    info.ppid = numbers[at + 1];
    info.name = name;
    info.creationTime = numbers[at + 2];
    if (index < footprints.length) info.footprint = footprints[index];
    return info;
  });
  return {
    pid,
    processes,
    total: totalOf(processes, footprints),
    unreadable: unreadable.map((failure) => {
      const { code, syscall } = failure;
      return { pid: failure.pid, code, syscall };
    }),
  };
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

module.exports = { batch, counters, footprint, limit, memoryInfo, orThrow, tree };
