'use strict';

// Validates the options of sample() and measureGrowth().

const { invalidArgType, outOfRange } = require('../errors');

const LONGEST_TIMER = 2 ** 31 - 1; // milliseconds; Node.js sets longer timers to 1 ms

function checkObject(options) {
  if (options !== undefined && (options === null || typeof options !== 'object'))
    throw invalidArgType('options', 'of type object', options);
}

/** An own property of the options; inherited ones are ignored. */
function own(options, name) {
  return options !== undefined && Object.hasOwn(options, name) ? options[name] : undefined;
}

function number(options, name, { least, most = Number.MAX_SAFE_INTEGER, integer, otherwise }) {
  const value = own(options, name);
  if (value === undefined) return otherwise;
  if (typeof value !== 'number') throw invalidArgType(`options.${name}`, 'of type number', value);
  if (integer && !Number.isInteger(value)) throw outOfRange(`options.${name}`, 'an integer', value);
  if (!(value >= least && value <= most))
    throw outOfRange(`options.${name}`, `>= ${least} && <= ${most}`, value);
  return value;
}

function oneOf(options, name, values) {
  const value = own(options, name);
  if (value === undefined) return values[0];
  if (!values.includes(value)) {
    const expected = values.map((each) => JSON.stringify(each)).join(', ');
    throw invalidArgType(`options.${name}`, `one of: ${expected}`, value);
  }
  return value;
}

function signalOf(options) {
  const signal = own(options, 'signal');
  if (signal === undefined) return undefined;
  if (signal === null || typeof signal !== 'object' || typeof signal.aborted !== 'boolean')
    throw invalidArgType('options.signal', 'an instance of AbortSignal', signal);
  return signal;
}

function samplerOptions(options) {
  checkObject(options);
  return {
    interval: number(options, 'interval', { least: 10, most: LONGEST_TIMER, otherwise: 1000 }),
    footprint: oneOf(options, 'footprint', [false, true, 'peak']),
    peaks: oneOf(options, 'peaks', ['lifetime', 'interval']),
    duration: number(options, 'duration', { least: 0, otherwise: Number.POSITIVE_INFINITY }),
    signal: signalOf(options),
    ref: oneOf(options, 'ref', [true, false]),
  };
}

module.exports = { LONGEST_TIMER, checkObject, number, oneOf, own, samplerOptions };
