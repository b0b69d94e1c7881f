'use strict';

// Checks that apply to all results and errors.

const assert = require('node:assert/strict');

// Documented in docs/errors.md. The other codes in its table, such as EMFILE, require a lack of resources.
const REFUSALS = ['ESRCH', 'EPERM', 'EACCES', 'ENOSYS'];

/** The code of the error for an invalid pid; undefined for a valid one. */
function codeOfPid(pid) {
  if (typeof pid !== 'number') return 'ERR_INVALID_ARG_TYPE';
  if (!Number.isInteger(pid) || pid < 0 || pid > 2 ** 32 - 1) return 'ERR_OUT_OF_RANGE';
  return undefined;
}

/** Checks that every number is a non-negative integer, and nothing is undefined. */
function assertSound(answer) {
  if (typeof answer === 'number') {
    assert.ok(Number.isSafeInteger(answer) && answer >= 0, `${answer}`);
  } else if (typeof answer === 'object' && answer !== null) {
    for (const key of Reflect.ownKeys(answer)) {
      const { value } = Object.getOwnPropertyDescriptor(answer, key);
      assert.notEqual(value, undefined, `${String(key)} is undefined`);
      if (!Array.isArray(answer) || key !== 'length') assertSound(value);
    }
  } else {
    assert.ok(typeof answer === 'string' || typeof answer === 'boolean' || answer === null);
  }
}

function assertArgumentError(error, code) {
  assert.equal(Object.hasOwn(error, 'code') && error.code, code);
  assert.ok(error instanceof (code === 'ERR_OUT_OF_RANGE' ? RangeError : TypeError));
}

/** Checks that it is a system error about that process. */
function assertRefusal(error, pid) {
  assert.ok(REFUSALS.includes(error.code), error.stack);
  assert.ok(error instanceof Error && error.errno < 0);
  assert.ok(typeof error.syscall === 'string' && error.syscall !== '');
  assert.equal(error.pid, pid);
}

module.exports = { assertArgumentError, assertRefusal, assertSound, codeOfPid };
