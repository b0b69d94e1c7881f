#!/usr/bin/env node
'use strict';

// The command line: the API's answers as tables, or as JSON.

const { parseArgs } = require('node:util');

const memory = require('../lib/index.js');
const { version } = require('../package.json');
const format = require('./format.js');

const USAGE = `Usage: memory-info [pid…] [options]

Prints how much memory processes use. Without a pid: the process that started memory-info.

  --tree       each process with everything under it, and the total
  --footprint  what each process costs exactly; slow for large processes
  --counters   all that the system counts
  --limit      the tightest memory limit on the process, as of its container
  --system     the memory of the whole machine; only that, if nothing else is asked for
  --json       the objects of the API, with sizes in KiB: one object for one pid, else an array
  --help       this text
  --version    the version

WORKING SET  physical memory that the process occupies, shared pages included
PEAK         the largest working set it ever had
PRIVATE      memory of its own, backed by no file
SHARED       the part of the working set that it has, or could have, in common with others
FOOTPRINT    what may be added up over processes without counting a page twice; "~" marks an estimate
USS, PSS     unique and proportional set size
SWAP         swapped out

A value that the system does not tell is shown as "-". Exits with 1 if something could not be read.
`;

const OPTIONS = {
  tree: { type: 'boolean', default: false },
  footprint: { type: 'boolean', default: false },
  counters: { type: 'boolean', default: false },
  limit: { type: 'boolean', default: false },
  system: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
};

function toPid(text) {
  if (!/^\d+$/.test(text)) throw new Error(`'${text}' is not a pid`);
  return Number(text);
}

function complain(message) {
  process.stderr.write(`memory-info: ${message}\n`);
  process.exitCode = 1;
}

/** What `ask` answers, or undefined after a complaint. */
function attempt(ask) {
  try {
    return ask();
  } catch (error) {
    complain(error.message);
    return undefined;
  }
}

/** Adds what was asked for beside an answer's own fields, as far as it can be had. */
function extend(answer, key, ask) {
  const value = attempt(ask);
  if (value !== undefined) answer[key] = value;
}

function readProcess(pid, { footprint, counters, limit }) {
  const info = memory.getMemoryInfo(pid);
  if (footprint) extend(info, 'footprint', () => memory.getMemoryFootprint(pid));
  if (counters) extend(info, 'counters', () => memory.getMemoryCounters(pid));
  if (limit) extend(info, 'limit', () => memory.getMemoryLimit(pid));
  return info;
}

/** The counters of a process that was read before; undefined if it has gone since, whoever has its pid now. */
function countersOf({ pid, creationTime }) {
  let handle;
  try {
    handle = memory.openProcess(pid);
    return handle.creationTime === creationTime ? handle.getMemoryCounters() : undefined;
  } catch (error) {
    if (error.code === 'ESRCH') return undefined;
    throw error;
  } finally {
    handle?.close();
  }
}

function readTree(pid, { footprint, counters, limit }) {
  const tree = memory.getTreeMemoryInfo(pid, { footprint });
  if (counters) for (const info of tree.processes) extend(info, 'counters', () => countersOf(info));
  if (limit) extend(tree, 'limit', () => memory.getMemoryLimit(pid));
  return tree;
}

function toJson(system, answers, pids) {
  const processes = pids.length === 1 ? answers[0] : answers;
  let value = processes;
  if (system !== undefined) value = pids.length === 0 ? system : { system, processes };
  return value === undefined ? '' : `${JSON.stringify(value, null, 2)}\n`;
}

function toText(system, answers, options) {
  const parts = [];
  if (system !== undefined) parts.push(format.system(system));
  if (options.tree) parts.push(...answers.map((tree) => format.tree(tree, options)));
  else if (answers.length > 0) parts.push(format.processes(answers, options));
  const infos = options.tree ? answers.flatMap(({ processes }) => processes) : answers;
  if (options.counters) parts.push(...infos.map(format.counters).filter(Boolean));
  if (options.limit) parts.push(...answers.map(format.limit).filter(Boolean));
  return parts.length === 0 ? '' : `${parts.join('\n\n')}\n`;
}

function main() {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help) return USAGE;
  if (values.version) return `${version}\n`;

  const pids = positionals.map(toPid);
  const { tree, footprint, counters, limit } = values;
  const onlySystem = values.system && !(tree || footprint || counters || limit);
  if (pids.length === 0 && !onlySystem) pids.push(process.ppid);
  const system = values.system ? attempt(memory.getSystemMemoryInfo) : undefined;
  const read = tree ? readTree : readProcess;
  const answers = pids
    .map((pid) => attempt(() => read(pid, values)))
    .filter((answer) => answer !== undefined);
  return values.json ? toJson(system, answers, pids) : toText(system, answers, values);
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
