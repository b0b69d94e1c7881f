'use strict';

// Validates the arguments of the public functions; valid values are safe to pass to the binding.

const { invalidArgType, isPid, outOfRange, pidError } = require('./errors');

function checkPid(pid) {
  const error = pidError(pid, 'pid');
  if (error !== undefined) throw error;
}

/** An own property of the options; inherited ones are ignored. */
function optionOf(options, name) {
  if (options === undefined) return undefined;
  if (options === null || typeof options !== 'object') {
    throw invalidArgType('options', 'of type object', options);
  }
  return Object.hasOwn(options, name) ? options[name] : undefined;
}

/** The option `footprint` of a tree. */
function checkTreeOptions(options) {
  const footprint = optionOf(options, 'footprint');
  if (footprint === undefined) return false;
  if (typeof footprint !== 'boolean') {
    throw invalidArgType('options.footprint', 'of type boolean', footprint);
  }
  return footprint;
}

const MAX_TIMEOUT = 2 ** 31 - 1; // of setTimeout()

/** The options `signal` and `timeout` of a promise, each undefined if not given. */
function checkWaitOptions(options) {
  const signal = optionOf(options, 'signal');
  const timeout = optionOf(options, 'timeout');
  const isSignal = typeof signal === 'object' && signal !== null && 'aborted' in signal;
  if (signal !== undefined && !isSignal)
    throw invalidArgType('options.signal', 'an instance of AbortSignal', signal);
  if (timeout !== undefined) {
    if (typeof timeout !== 'number')
      throw invalidArgType('options.timeout', 'of type number', timeout);
    if (!Number.isInteger(timeout)) throw outOfRange('options.timeout', 'an integer', timeout);
    if (timeout < 0 || timeout > MAX_TIMEOUT)
      throw outOfRange('options.timeout', `>= 0 && <= ${MAX_TIMEOUT}`, timeout);
  }
  return { signal, timeout };
}

// More than the number of processes on any machine; an infinite iterable would otherwise exhaust memory.
const MAX_PIDS = 2 ** 20;

/** The values of an iterable, which is closed if it yields too many. */
function listOf(iterable) {
  if (typeof iterable?.[Symbol.iterator] !== 'function' || typeof iterable === 'string') {
    throw invalidArgType('pids', 'an iterable of numbers', iterable);
  }
  const list = [];
  for (const item of iterable) {
    if (list.length === MAX_PIDS) throw outOfRange('pids.length', `<= ${MAX_PIDS}`, MAX_PIDS + 1);
    list.push(item);
  }
  return list;
}

/**
 * Reads the pids from any iterable. `pids` are the given values, `valid` the valid pids, and `errors` maps the index of
 * each invalid one to its error.
 */
function collectPids(iterable) {
  const pids = listOf(iterable);
  const valid = new Uint32Array(pids.length);
  const errors = new Map();
  for (let index = 0; index < pids.length; index++) {
    if (isPid(pids[index])) valid[index - errors.size] = pids[index];
    else errors.set(index, pidError(pids[index], `pids[${index}]`));
  }
  return { pids, valid: valid.subarray(0, pids.length - errors.size), errors };
}

module.exports = { checkPid, checkTreeOptions, checkWaitOptions, collectPids };
