'use strict';

// Checks arguments once, at the public edge; what passes is safe to hand to the binding.

const { invalidArgType, isPid, outOfRange, pidError } = require('./errors');

function checkPid(pid) {
  const error = pidError(pid, 'pid');
  if (error !== undefined) throw error;
}

/** Whether the footprints of a tree are asked for. What somebody put on Object.prototype is no option. */
function checkTreeOptions(options) {
  if (options === undefined) return false;
  if (options === null || typeof options !== 'object') {
    throw invalidArgType('options', 'of type object', options);
  }
  const footprint = Object.hasOwn(options, 'footprint') ? options.footprint : undefined;
  if (footprint === undefined) return false;
  if (typeof footprint !== 'boolean') {
    throw invalidArgType('options.footprint', 'of type boolean', footprint);
  }
  return footprint;
}

// More than a machine has processes. An iterable without an end would otherwise end this process.
const MAX_PIDS = 2 ** 20;

/** What an iterable yields. It is closed if it throws, or yields too much. */
function listOf(iterable) {
  // Read once: a getter may answer differently the next time.
  const iterate =
    iterable === null || iterable === undefined ? iterable : iterable[Symbol.iterator];
  if (typeof iterate !== 'function' || typeof iterable === 'string') {
    throw invalidArgType('pids', 'an iterable of numbers', iterable);
  }
  const list = [];
  for (const item of { [Symbol.iterator]: () => Reflect.apply(iterate, iterable, []) }) {
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

module.exports = { checkPid, checkTreeOptions, collectPids };
