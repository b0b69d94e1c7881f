'use strict';

// One record a line, as docs/command-line.md has them.

/** Times to the microsecond. */
const rounded = (_key, value) =>
  typeof value === 'number' && !Number.isInteger(value) ? Math.round(value * 1000) / 1000 : value;

const create = () => (record) => `${JSON.stringify(record, rounded)}\n`;

module.exports = { create };
