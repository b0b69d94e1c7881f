'use strict';

// What any answer and any error must be like, whoever asked for what.

const assert = require('node:assert/strict');

// Documented in docs/errors.md. The others of its table, such as EMFILE, take a caller in want of something.
const REFUSALS = ['ESRCH', 'EPERM', 'EACCES', 'ENOSYS'];

/** The code that a pid is refused with before the system is asked; undefined where it is asked. */
function codeOfPid(pid) {
  if (typeof pid !== 'number') return 'ERR_INVALID_ARG_TYPE';
  if (!Number.isInteger(pid) || pid < 0 || pid > 2 ** 32 - 1) return 'ERR_OUT_OF_RANGE';
  return undefined;
}

/** Every figure in it is a whole number from 0 up, and nothing is undefined. */
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

/** A refusal of the system, about that process. */
function assertRefusal(error, pid) {
  assert.ok(REFUSALS.includes(error.code), error.stack);
  assert.ok(error instanceof Error && error.errno < 0);
  assert.ok(typeof error.syscall === 'string' && error.syscall !== '');
  assert.equal(error.pid, pid);
}

module.exports = { assertArgumentError, assertRefusal, assertSound, codeOfPid };
