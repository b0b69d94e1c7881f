'use strict';

// Text in columns.

const { bold } = require('./styles');

/** Right-aligned columns of numbers, followed by at most one column of names. */
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

/** A title, followed by one line per name and value. */
function list(title, entries) {
  const nameWidth = Math.max(...entries.map(([name]) => name.length));
  const valueWidth = Math.max(...entries.map(([, value]) => value.length));
  const lines = entries.map(
    ([name, value]) => `  ${name.padEnd(nameWidth)}  ${value.padStart(valueWidth)}`,
  );
  return [bold(title), ...lines].join('\n');
}

module.exports = { list, table };
