'use strict';

// Errors in the form that Node's own functions give them: a wrong argument is a TypeError or RangeError with a
// code, a failed system call an Error with code, errno, syscall, path and pid. And the checks of the arguments: what
// they accept is safe to pass to the binding.

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
  checkPid,
  checkTreeOptions,
  checkWaitOptions,
  collectPids,
  illegalConstructor,
  invalidArgType,
  invalidState,
  invalidThis,
  outOfRange,
  pidError,
  systemError,
};
