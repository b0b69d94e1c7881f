'use strict';

// Checks arguments once, at the public edge; what passes is safe to hand to the binding.

const { invalidArgType, isPid, outOfRange, pidError } = require('./errors');

function checkPid(pid) {
  const error = pidError(pid, 'pid');
  if (error !== undefined) throw error;
}

/** An option of the object's own: what a library put on Object.prototype is not the caller's. */
function optionOf(options, name) {
  if (options === undefined) return undefined;
  if (options === null || typeof options !== 'object') {
    throw invalidArgType('options', 'of type object', options);
  }
  return Object.hasOwn(options, name) ? options[name] : undefined;
}

/** Whether the footprints of a tree are asked for. */
function checkTreeOptions(options) {
  const footprint = optionOf(options, 'footprint');
  if (footprint === undefined) return false;
  if (typeof footprint !== 'boolean') {
    throw invalidArgType('options.footprint', 'of type boolean', footprint);
  }
  return footprint;
}

const MAX_TIMEOUT = 2 ** 31 - 1; // of setTimeout()

/** How long to wait for a promise: `signal` and `timeout`, each undefined if not given. */
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

// More than a machine has processes. An iterable without an end would otherwise end this process.
const MAX_PIDS = 2 ** 20;

/** What an iterable yields. It is closed if it throws, or yields too much. */
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
 * Takes the pids out of any iterable. `pids` holds what was given, `valid` those that can be asked for, and `errors`
 * maps the index of each other one to its error.
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
