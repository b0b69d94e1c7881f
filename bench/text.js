// Formats results for the terminal and the documentation.

const number = (value) =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

const micro = (nanoseconds) => number(nanoseconds / 1000);
const ratio = (value) => (value === undefined || value === null ? '' : number(value));

/** The cells of a row: name, median, spread, ratio to ours, ratio to the bare system calls. */
function cells({ name, nanoseconds, spread, toOurs, toBare }) {
  return [
    name,
    micro(nanoseconds),
    `${micro(spread[0])}–${micro(spread[1])}`,
    ratio(toOurs),
    ratio(toBare),
  ];
}

const HEAD = ['', 'median µs', 'spread', 'to ours', 'to bare'];

/** The lines of a table for the terminal. */
function rowLines(rows) {
  if (rows.length === 0) return [];
  const table = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...table.map((line) => line[column].length)));
  return table.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]),
      )
      .join('  '),
  );
}

const holds = ({ value, most }) => value <= most;

function boundValues({ value, most, unit }) {
  const digits = unit === '×' ? 3 : unit === ' ms' ? 2 : 0;
  return [value, most].map((each) => `${each.toFixed(digits)}${unit}`);
}

function boundLine(bound) {
  const [value, most] = boundValues(bound);
  return `${holds(bound) ? 'pass' : 'FAIL'}  ${bound.what}: ${value}, at most ${most}`;
}

module.exports = { HEAD, boundLine, boundValues, cells, holds, rowLines };
