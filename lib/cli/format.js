'use strict';

// Formats the results of the API as text.

const { forest } = require('./forest');
const { printable } = require('./output');
const { bold } = require('./styles');
const { list, table } = require('./table');
const { size } = require('./units');

const MEMORY_COLUMNS = [
  ['WORKING SET', (info) => size(info.workingSetSize)],
  ['PEAK', (info) => size(info.peakWorkingSetSize)],
  ['PRIVATE', (info) => size(info.privateBytes)],
  ['SHARED', (info) => size(info.sharedBytes)],
];

/** Estimates are marked with "~". */
const footprintSize = (footprint) => (footprint?.code ? '~' : '') + size(footprint?.footprint);

const FOOTPRINT_COLUMNS = [
  ['FOOTPRINT', ({ footprint }) => footprintSize(footprint)],
  ['USS', ({ footprint }) => size(footprint?.uss)],
  ['PSS', ({ footprint }) => size(footprint?.pss)],
  ['SWAP', ({ footprint }) => size(footprint?.swap)],
];

const columnsOf = (options) =>
  options.footprint ? [...MEMORY_COLUMNS, ...FOOTPRINT_COLUMNS] : MEMORY_COLUMNS;

function processes(infos, options) {
  const columns = columnsOf(options);
  return table(
    ['PID', ...columns.map(([header]) => header)],
    infos.map((info) => [String(info.pid), ...columns.map(([, cell]) => cell(info))]),
  );
}

function totalRow(total, columns) {
  const sums = {
    'WORKING SET': size(total.workingSetSize),
    PRIVATE: size(total.privateBytes),
    FOOTPRINT: size(total.footprint?.footprint),
  };
  let label = `total of ${total.processes} (WORKING SET counts shared pages once per process)`;
  if (total.footprint && total.footprint.covered < total.footprint.of) {
    label += `, ${total.footprint.covered} footprints exact`;
  }
  return ['', ...columns.map(([header]) => sums[header] ?? ''), label];
}

const MAX_INDENT = 32;

/** The name, indented by its depth; beyond the maximum indentation the depth is a number. */
function indented(name, depth) {
  const indent = '  '.repeat(Math.min(depth, MAX_INDENT));
  return `${indent}${depth > MAX_INDENT ? `(${depth}) ` : ''}${printable(name)}`;
}

/** [process, depth] of each process of a tree, in order. */
function* withDepths(infos) {
  const depths = new Map();
  for (const info of infos) {
    const depth = depths.has(info.ppid) ? depths.get(info.ppid) + 1 : 0;
    depths.set(info.pid, depth);
    yield [info, depth];
  }
}

function named(entries, { total, unreadable }, options) {
  const columns = columnsOf(options);
  const rows = Array.from(entries, ([info, depth]) => [
    String(info.pid),
    ...columns.map(([, cell]) => cell(info)),
    indented(info.name, depth),
  ]);
  rows.push(totalRow(total, columns));
  const refused = unreadable.map(
    ({ pid, code, syscall }) => `${pid} could not be read: ${code}, ${syscall}`,
  );
  return [table(['PID', ...columns.map(([header]) => header), 'NAME'], rows), ...refused].join(
    '\n',
  );
}

const tree = (answer, options) => named(withDepths(answer.processes), answer, options);

/** All processes, optionally as trees. */
function all(answer, options) {
  const { processes: infos } = answer;
  const entries = options.tree ? forest(infos) : infos.map((info) => [info, 0]);
  return named(entries, answer, options);
}

const COUNTS = new Set([
  'minorFaults',
  'majorFaults',
  'pageFaults',
  'pageins',
  'copyOnWriteFaults',
  'pageFaultCount',
]);

function counters({ pid, counters: counted }) {
  const { pid: _, platform, ...values } = counted;
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    COUNTS.has(name) ? String(value) : size(value),
  ]);
  return list(`Counters of ${pid} (${platform})`, entries);
}

function limit({ pid, limit: found }) {
  if (found === null) return `${bold(`Limit of ${pid}`)}\n  none`;
  const bound = found.complete ? '' : '≤ ';
  const entries = ['limit', 'high', 'usage', 'usageWithoutCache', 'available']
    .filter((name) => found[name] !== undefined)
    .map((name) => [name, `${name.startsWith('usage') ? '' : bound}${size(found[name])}`]);
  const notes = found.source === undefined ? [] : [`  ${printable(found.source)}`];
  if (!found.complete) notes.push('  a tighter limit may exist but could not be read');
  return [list(`Limit of ${pid}`, entries), ...notes].join('\n');
}

function system(info) {
  return list(
    'System',
    Object.entries(info).map(([name, value]) => [name, size(value)]),
  );
}

module.exports = { all, counters, footprintSize, indented, limit, processes, system, tree };
