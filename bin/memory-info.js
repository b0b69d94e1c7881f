#!/usr/bin/env node
'use strict';

// The command line: the API's answers as a table, or as JSON.

const { parseArgs } = require('node:util');

const memory = require('../lib/index.js');
const { version } = require('../package.json');

const USAGE = `Usage: memory-info [pid…] [--tree] [--json]

Prints how much memory processes use. Without a pid: the process that started memory-info.

  --tree     each process with everything under it, and the total
  --json     the objects of the API, with sizes in KiB: one object for one pid, else an array
  --help     this text
  --version  the version

WORKING SET  physical memory that the process occupies, shared pages included
PEAK         the largest working set it ever had
PRIVATE      memory that belongs to it alone
SHARED       the part of the working set that it has, or could have, in common with others

A value that the system does not tell is shown as "-". Exits with 1 if a process could not be read.
`;

const MEMORY_COLUMNS = [
  ['WORKING SET', (info) => size(info.workingSetSize)],
  ['PEAK', (info) => size(info.peakWorkingSetSize)],
  ['PRIVATE', (info) => size(info.privateBytes)],
  ['SHARED', (info) => size(info.sharedBytes)],
];

const OPTIONS = {
  tree: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
};

function size(kib) {
  if (kib === undefined) return '-';
  if (kib < 1024) return `${kib} KiB`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
  let value = kib;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** Another process chose this name; it must not steer the terminal. */
function printable(name) {
  return name.replace(/\p{C}/gu, '\ufffd');
}

function bold(text) {
  const colors = process.stdout.isTTY && !process.env.NO_COLOR;
  return colors ? `\x1b[1m${text}\x1b[22m` : text;
}

/** Columns of numbers, aligned to the right, and at most one column of text behind them. */
function table(headers, rows) {
  const widths = headers.map((header, column) =>
    Math.max(header.length, ...rows.map((row) => row[column].length)),
  );
  const line = (row) =>
    row
      .map((cell, column) => (headers[column] === 'NAME' ? cell : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd();
  return [bold(line(headers)), ...rows.map(line)].join('\n');
}

function processTable(infos) {
  return table(
    ['PID', ...MEMORY_COLUMNS.map(([header]) => header)],
    infos.map((info) => [String(info.pid), ...MEMORY_COLUMNS.map(([, cell]) => cell(info))]),
  );
}

function treeTable({ processes, total, unreadable }) {
  const depths = new Map();
  const rows = processes.map((info) => {
    const depth = depths.has(info.ppid) ? depths.get(info.ppid) + 1 : 0;
    depths.set(info.pid, depth);
    return [
      String(info.pid),
      ...MEMORY_COLUMNS.map(([, cell]) => cell(info)),
      '  '.repeat(depth) + printable(info.name),
    ];
  });
  const label = `total of ${total.processes} (shared pages counted once a process)`;
  rows.push(['', size(total.workingSetSize), '', size(total.privateBytes), '', label]);
  const lines = [table(['PID', ...MEMORY_COLUMNS.map(([header]) => header), 'NAME'], rows)];
  for (const { pid, code, syscall } of unreadable)
    lines.push(`${pid} not read: ${code}, ${syscall}`);
  return lines.join('\n');
}

function toPid(text) {
  if (!/^\d+$/.test(text)) throw new Error(`'${text}' is not a pid`);
  return Number(text);
}

function complain(message) {
  process.stderr.write(`memory-info: ${message}\n`);
  process.exitCode = 1;
}

function main() {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help) return USAGE;
  if (values.version) return `${version}\n`;

  const pids = positionals.length === 0 ? [process.ppid] : positionals.map(toPid);
  const ask = values.tree ? memory.getTreeMemoryInfo : memory.getMemoryInfo;
  const answers = [];
  for (const pid of pids) {
    try {
      answers.push(ask(pid));
    } catch (error) {
      complain(error.message);
    }
  }

  if (values.json) {
    return `${JSON.stringify(pids.length === 1 ? answers[0] : answers, null, 2) ?? ''}\n`.trimStart();
  }
  if (answers.length === 0) return '';
  const text = values.tree ? answers.map(treeTable).join('\n\n') : processTable(answers);
  return `${text}\n`;
}

// A reader that has seen enough, as in "| head", is no failure.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  process.stdout.write(main());
} catch (error) {
  complain(error.message);
}
