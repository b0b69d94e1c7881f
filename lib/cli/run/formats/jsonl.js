'use strict';

// One record per line, as documented in docs/command-line.md.

/** Rounds times to microseconds. */
const rounded = (_key, value) =>
  typeof value === 'number' && !Number.isInteger(value) ? Math.round(value * 1000) / 1000 : value;

const create = () => (record) => `${JSON.stringify(record, rounded)}\n`;

module.exports = { create };
