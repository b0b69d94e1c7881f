'use strict';

// Renders a state as lines: the total, a header, one row per process, and the keys.

const { indented } = require('../format');
const { forest } = require('../forest');
const { printable } = require('../output');
const { sparkline } = require('../sparkline');
const { bold, inverse } = require('../styles');
const { change, duration, plural, size, totalSize } = require('../units');
const { cut, pad, widthOf } = require('../width');
const { columnsFor, comparing } = require('./columns');

const KEYS = 'q quit  space pause  s sort  t tree  f footprint  / filter  ↑↓ scroll';
const AROUND_ROWS = 3; // the lines above and below the rows
const BARS = 24;

/** [process, depth] of each visible process, in order. */
function entries({ shown, sort, tree, filter }) {
  const sorted = shown.processes.toSorted(comparing(sort));
  const all = tree ? Array.from(forest(sorted)) : sorted.map((info) => [info, 0]);
  const wanted = filter.toLowerCase();
  return all.filter(([{ name }]) => printable(name).toLowerCase().includes(wanted));
}

function headline({ shown, above, paused }) {
  const { total, unreadable, elapsed, isAbove } = shown;
  return [
    plural(total.processes, 'process', 'processes'),
    totalSize(total),
    `${change(total.change)} in ${duration(elapsed)}`,
    ...(isAbove ? [`above ${size(above)}`] : []),
    ...(unreadable.length > 0 ? [`${unreadable.length} unreadable`] : []),
    ...(paused ? ['paused'] : []),
    sparkline(total.sizes.slice(-BARS)),
  ].join('  ');
}

/** Numbers are right-aligned; the bars take the remaining width; the name comes last. */
function align(text, { width, sort }) {
  if (width === undefined) return text;
  return sort === undefined
    ? pad(text, width)
    : ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

const line = (columns, cell) => columns.map((column) => align(cell(column), column)).join(' ');

const headerOf = (columns, { sort }) =>
  line(columns, (column) => (column.sort === sort ? `*${column.title}` : column.title));

const rowOf = (columns, info, depth) =>
  line(columns, ({ sort, cell }) => (sort === 'name' ? indented(info.name, depth) : cell(info)));

function footer({ filtering, filter }) {
  if (filtering) return `/${printable(filter)}_`;
  return filter === '' ? KEYS : `/${printable(filter)}  (escape shows all)  ${KEYS}`;
}

/** The lines; clamps the state's `scroll`. */
function view(state, { columns: width, rows: height }) {
  const columns = columnsFor(width, state);
  const all = entries(state);
  const room = Math.max(0, height - AROUND_ROWS);
  state.scroll = Math.max(0, Math.min(state.scroll, all.length - room));
  const rows = all.slice(state.scroll, state.scroll + room);
  const emphasize = state.shown.isAbove ? inverse : bold;
  return [
    emphasize(cut(headline(state), width)),
    inverse(pad(headerOf(columns, state), width)),
    ...rows.map(([info, depth]) => cut(rowOf(columns, info, depth), width)),
    ...Array(room - rows.length).fill(''),
    cut(footer(state), width),
  ].slice(0, height);
}

module.exports = { view };
