'use strict';

// Formats and parses sizes and durations.

const { LONGEST_TIMER } = require('../sampler/options');

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
const POWERS = { K: 0, M: 1, G: 2, T: 3 };
const MILLISECONDS = { ms: 1, s: 1000, m: 60000, h: 3600000 };
const LONGEST_HOURS = Math.floor(LONGEST_TIMER / MILLISECONDS.h);

/** Formats KiB as "476.2 MiB"; "-" if unknown. */
function size(kib) {
  if (kib === undefined) return '-';
  let value = kib;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** "476.0 MiB private"; the working set on a system that does not report private memory. */
function totalSize({ privateBytes, workingSetSize }) {
  if (privateBytes === undefined) return `${size(workingSetSize)} working set`;
  return `${size(privateBytes)} private`;
}

/** "+3.2 MiB" */
function change(kib) {
  if (kib === undefined) return '-';
  return `${kib < 0 ? '-' : '+'}${size(Math.abs(kib))}`;
}

const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;

/** "28.6 s" */
function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** Parses an integer of at most `most`; `what` names it in the error. */
function parseInteger(text, what, most = Number.POSITIVE_INFINITY) {
  if (!/^\d+$/.test(text) || Number(text) > most) throw new Error(`'${text}' is not a ${what}`);
  return Number(text);
}

/** Parses "500M", "2G", "1.5GiB" into KiB. The unit is required, since a bare number is ambiguous. */
function parseSize(text) {
  const match = /^(\d+(?:\.\d+)?)([KMGT])(?:i?B)?$/i.exec(text);
  if (match === null) throw new Error(`'${text}' is not a size, such as 500M or 2G`);
  return Math.floor(Number(match[1]) * 1024 ** POWERS[match[2].toUpperCase()]);
}

/** Parses "100ms", "1s", "5m" into milliseconds. */
function parseDuration(text) {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (match === null) throw new Error(`'${text}' is not a duration, such as 100ms or 1s`);
  return Number(match[1]) * MILLISECONDS[match[2]];
}

/** Parses an interval of at least `least` milliseconds. */
function parseInterval(text, least) {
  const interval = parseDuration(text);
  if (interval < least) throw new Error(`--interval must be at least ${least}ms`);
  if (interval > LONGEST_HOURS * MILLISECONDS.h)
    throw new Error(`--interval must be at most ${LONGEST_HOURS}h`);
  return interval;
}

module.exports = {
  change,
  duration,
  parseInteger,
  parseInterval,
  parseSize,
  plural,
  size,
  totalSize,
};
