'use strict';

// The columns of the screen.

const { footprintSize } = require('../format');
const { printable } = require('../output');
const { sparkline } = require('../sparkline');
const { change, size } = require('../units');

const BARS = 12;

/** A column of sizes, sorted in descending order. `from` is the minimum terminal width that shows it. */
const sizes = (sort, title, of, from = 0) => ({
  sort,
  title,
  width: 11,
  from,
  of,
  cell: (info) => size(of(info)),
});

const COLUMNS = [
  {
    sort: 'pid',
    title: 'PID',
    width: 7,
    from: 0,
    of: ({ pid }) => pid,
    cell: ({ pid }) => `${pid}`,
  },
  sizes('private', 'PRIVATE', ({ privateBytes }) => privateBytes),
  {
    ...sizes('change', 'CHANGE', (info) => info.change),
    cell: (info) => change(info.change),
  },
  sizes('working-set', 'WORKING SET', ({ workingSetSize }) => workingSetSize, 60),
  sizes('peak', 'PEAK', ({ peakWorkingSetSize }) => peakWorkingSetSize, 72),
  {
    ...sizes('footprint', 'FOOTPRINT', ({ footprint }) => footprint?.footprint),
    cell: ({ footprint }) => footprintSize(footprint),
  },
  { title: '', width: BARS, from: 86, cell: (info) => sparkline(info.sizes.slice(-BARS)) },
  {
    sort: 'name',
    title: 'NAME',
    from: 0,
    of: ({ name }) => name,
    cell: ({ name }) => printable(name),
  },
];

const SORTS = COLUMNS.map(({ sort }) => sort).filter((sort) => sort !== undefined);

/** The columns that fit; footprints only if they are read. */
const columnsFor = (width, { footprint }) =>
  COLUMNS.filter(({ sort, from }) => width >= from && (sort !== 'footprint' || footprint));

/** Compares processes by a column: sizes descending, pids and names ascending; unknown values last. */
function comparing(sort) {
  const { of } = COLUMNS.find((column) => column.sort === sort);
  const direction = sort === 'pid' || sort === 'name' ? 1 : -1;
  return (a, b) => {
    const [x, y] = [of(a), of(b)];
    if (x === y) return a.pid - b.pid;
    if (x === undefined || y === undefined) return x === undefined ? 1 : -1;
    return direction * (x < y ? -1 : 1);
  };
}

module.exports = { SORTS, columnsFor, comparing };
