'use strict';

// Text in columns.

const { isatty } = require('node:tty');

/** Bold where standard output is a terminal. */
function bold(text) {
  const colors = isatty(1) && !process.env.NO_COLOR;
  return colors ? `\x1b[1m${text}\x1b[22m` : text;
}

/** Columns of numbers, aligned to the right, and at most one column of names behind them. */
function table(headers, rows, style = bold) {
  const widths = headers.map((header, column) =>
    rows.reduce((widest, row) => Math.max(widest, row[column].length), header.length),
  );
  const line = (row) =>
    row
      .map((cell, column) => (headers[column] === 'NAME' ? cell : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd();
  return [style(line(headers)), ...rows.map(line)].join('\n');
}

/** A title, and a line for each name and its value. */
function list(title, entries) {
  const nameWidth = Math.max(...entries.map(([name]) => name.length));
  const valueWidth = Math.max(...entries.map(([, value]) => value.length));
  const lines = entries.map(
    ([name, value]) => `  ${name.padEnd(nameWidth)}  ${value.padStart(valueWidth)}`,
  );
  return [bold(title), ...lines].join('\n');
}

module.exports = { bold, list, table };
