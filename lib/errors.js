'use strict';

// Errors in the form that Node's own functions give them: a wrong argument is a TypeError or RangeError with a
// code, a failed system call an Error with code, errno, syscall, path and pid.

const { getSystemErrorMap, inspect } = require('node:util');

const MAX_PID = 2 ** 32 - 1; // a DWORD; where pids are smaller, no process has a larger one

const withCode = (error, code) => Object.assign(error, { code });

const cut = (text) => (text.length > 28 ? `${text.slice(0, 25)}...` : text);

/** Describes a received value as Node's argument errors do: "type string ('12')" or "an instance of Object". */
function describe(value) {
  try {
    return describeKind(value);
  } catch {
    return `type ${typeof value}`; // a proxy or getter that throws
  }
}

function describeKind(value) {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return value.name ? `function ${value.name}` : 'function ';
  if (typeof value === 'object') {
    return value.constructor?.name
      ? `an instance of ${value.constructor.name}`
      : inspect(value, { depth: -1 });
  }
  // Node truncates strings before quoting them, and other values after.
  if (typeof value === 'string') return `type string (${inspect(cut(value))})`;
  return `type ${typeof value} (${cut(inspect(value, { colors: false }))})`;
}

function invalidArgType(name, expected, value) {
  const kind = name.includes('.') ? 'property' : 'argument';
  return withCode(
    new TypeError(`The "${name}" ${kind} must be ${expected}. Received ${describe(value)}`),
    'ERR_INVALID_ARG_TYPE',
  );
}

function outOfRange(name, range, value) {
  return withCode(
    new RangeError(
      `The value of "${name}" is out of range. It must be ${range}. Received ${value}`,
    ),
    'ERR_OUT_OF_RANGE',
  );
}

const isPid = (value) => Number.isInteger(value) && value >= 0 && value <= MAX_PID;

/** Why `value` cannot be a pid, or undefined if it can. */
function pidError(value, name) {
  if (typeof value !== 'number') return invalidArgType(name, 'of type number', value);
  if (!Number.isInteger(value)) return outOfRange(name, 'an integer', value);
  if (!isPid(value)) return outOfRange(name, `>= 0 && <= ${MAX_PID}`, value);
  return undefined;
}

function invalidState(what) {
  return withCode(new Error(`Invalid state: ${what}`), 'ERR_INVALID_STATE');
}

function invalidThis(type) {
  return withCode(new TypeError(`Value of "this" must be of type ${type}`), 'ERR_INVALID_THIS');
}

function illegalConstructor() {
  return withCode(new TypeError('Illegal constructor'), 'ERR_ILLEGAL_CONSTRUCTOR');
}

let numbersByCode;

/** libuv's number and text for a code, as in Node's own errors. */
function describeCode(code) {
  if (numbersByCode === undefined) {
    numbersByCode = new Map();
    for (const [errno, [name, text]] of getSystemErrorMap())
      numbersByCode.set(name, { errno, text });
  }
  return numbersByCode.get(code);
}

/** Creates the Error for a failure reported by the binding. */
function systemError({ code, syscall, path }, pid) {
  const { errno, text } = describeCode(code);
  const error = new Error(`${code}: ${text}, ${syscall}${path === '' ? '' : ` '${path}'`}`);
  Object.assign(error, { errno, code, syscall });
  if (path !== '') error.path = path;
  if (pid !== undefined) error.pid = pid;
  return error;
}

module.exports = {
  illegalConstructor,
  invalidArgType,
  invalidState,
  invalidThis,
  isPid,
  outOfRange,
  pidError,
  systemError,
};
