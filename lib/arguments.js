'use strict';

// Checks arguments once, at the public edge; what passes is safe to hand to the binding.

const { invalidArgType, pidError } = require('./errors');

function checkPid(pid) {
  const error = pidError(pid, 'pid');
  if (error !== undefined) throw error;
}

/** Whether the footprints of a tree are asked for. */
function checkTreeOptions(options) {
  if (options === undefined) return false;
  if (options === null || typeof options !== 'object') {
    throw invalidArgType('options', 'of type object', options);
  }
  const { footprint = false } = options;
  if (typeof footprint !== 'boolean') {
    throw invalidArgType('options.footprint', 'of type boolean', footprint);
  }
  return footprint;
}

/**
 * Takes the pids out of any iterable. `pids` holds what was given, `valid` those that can be asked for, and `errors`
 * maps the index of each other one to its error.
 */
function collectPids(iterable) {
  if (typeof iterable?.[Symbol.iterator] !== 'function' || typeof iterable === 'string') {
    throw invalidArgType('pids', 'an iterable of numbers', iterable);
  }
  const pids = Array.from(iterable);
  const errors = new Map();
  const valid = pids.filter((pid, index) => {
    const error = pidError(pid, `pids[${index}]`);
    if (error !== undefined) errors.set(index, error);
    return error === undefined;
  });
  return { pids, valid: Uint32Array.from(valid), errors };
}

module.exports = { checkPid, checkTreeOptions, collectPids };
