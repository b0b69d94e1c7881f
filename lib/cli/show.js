'use strict';

// The default command: prints the results of the API as tables or JSON.

const { parseArgs } = require('node:util');

const { version } = require('../../package.json');
const memory = require('../index');
const { countersOf } = require('./counters');
const format = require('./format');
const { complain, json } = require('./output');
const { parseInteger } = require('./units');

const USAGE = `Usage: memory-info [pid…] [options]
       memory-info run [options] -- command…  run a command and report its memory
       memory-info watch [pid…]               show memory as it changes
       memory-info report recording.jsonl…    draw a recording of "run" as an HTML page
       memory-info serve [pid…]               serve metrics for Prometheus

Prints how much memory processes use; without a pid, that of the process that started memory-info. Each command has
its own --help.

  --all        all visible processes, sorted by pid; with --tree as trees
  --tree       each process with all its descendants, and the total
  --footprint  also unique and proportional set size; slow for large processes
  --counters   also all memory counters of the system
  --limit      also the tightest memory limit on the process, such as that of its container
  --system     also the memory of the machine; only that, if there is no pid and no other option
  --json       print the objects of the API, with sizes in KiB: one object for one pid, else an array
  -h, --help   show this help
  --version    print the version

WORKING SET  physical memory that the process uses, including shared pages
PEAK         the largest working set so far
PRIVATE      memory that belongs to the process alone, not backed by a file
SHARED       the part of the working set that is shared, or could be, with other processes
FOOTPRINT    proportional set size, including swap: adds up without counting a page twice; "~" marks an estimate
USS, PSS     unique and proportional set size
SWAP         swapped-out memory

"-" marks a value that the system does not report. Exits with 1 if something could not be read.
`;

const OPTIONS = {
  all: { type: 'boolean', default: false },
  tree: { type: 'boolean', default: false },
  footprint: { type: 'boolean', default: false },
  counters: { type: 'boolean', default: false },
  limit: { type: 'boolean', default: false },
  system: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
};

/** The result of `ask`; if it throws, prints the error and returns undefined. */
function attempt(ask) {
  try {
    return ask();
  } catch (error) {
    complain(error.message);
    return undefined;
  }
}

/** Adds a requested field to a result if it can be read. */
function extend(answer, key, ask) {
  const value = attempt(ask);
  if (value !== undefined) answer[key] = value;
}

function extendWithLimit(answer, pid) {
  extend(answer, 'limit', () => memory.getMemoryLimit(pid));
  if (answer.limit?.complete === false) process.exitCode = 1;
}

function readProcess(pid, { footprint, counters, limit }) {
  const info = memory.getMemoryInfo(pid);
  if (footprint) extend(info, 'footprint', () => memory.getMemoryFootprint(pid));
  if (counters) extend(info, 'counters', () => memory.getMemoryCounters(pid));
  if (limit) extendWithLimit(info, pid);
  return info;
}

function readTree(pid, { footprint, counters, limit }) {
  const tree = memory.getTreeMemoryInfo(pid, { footprint });
  if (tree.unreadable.length > 0) process.exitCode = 1;
  if (counters) for (const info of tree.processes) extend(info, 'counters', () => countersOf(info));
  if (limit) extendWithLimit(tree, pid);
  return tree;
}

function readAll({ footprint, counters }) {
  const all = memory.getAllMemoryInfo({ footprint });
  if (all.unreadable.length > 0) process.exitCode = 1;
  if (counters) for (const info of all.processes) extend(info, 'counters', () => countersOf(info));
  return all;
}

function printJson(system, answers, asked) {
  const processes = asked === 1 ? (answers[0] ?? null) : answers;
  if (asked === 0) process.stdout.write(json(system ?? null));
  else process.stdout.write(json(system === undefined ? processes : { system, processes }));
}

/** Yields the text in parts: all of it may exceed the maximum length of a string. */
function* texts(system, answers, options) {
  if (system !== undefined) yield format.system(system);
  if (options.all) for (const all of answers) yield format.all(all, options);
  else if (options.tree) for (const tree of answers) yield format.tree(tree, options);
  else if (answers.length > 0) yield format.processes(answers, options);
  if (options.counters) {
    const infos = answers.flatMap((answer) => answer.processes ?? answer);
    for (const info of infos) if (info.counters !== undefined) yield format.counters(info);
  }
  if (options.limit)
    for (const answer of answers) if (answer.limit !== undefined) yield format.limit(answer);
}

function printText(system, answers, options) {
  let separator = '';
  for (const text of texts(system, answers, options)) {
    process.stdout.write(`${separator}${text}\n`);
    separator = '\n';
  }
}

function show(args) {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  if (values.help) return void process.stdout.write(USAGE);
  if (values.version) return void process.stdout.write(`${version}\n`);

  const pids = positionals.map((text) => parseInteger(text, 'pid'));
  const { all, tree, footprint, counters, limit } = values;
  if (all && pids.length > 0) throw new Error('--all cannot be combined with a pid');
  if (all && limit) throw new Error('--all cannot be combined with --limit');
  const onlySystem = values.system && !(all || tree || footprint || counters || limit);
  if (pids.length === 0 && !onlySystem && !all) pids.push(process.ppid);
  const system = values.system ? attempt(memory.getSystemMemoryInfo) : undefined;
  const read = tree ? readTree : readProcess;
  const questions = all ? [() => readAll(values)] : pids.map((pid) => () => read(pid, values));
  const answers = questions.map(attempt).filter((answer) => answer !== undefined);
  if (values.json) printJson(system, answers, questions.length);
  else printText(system, answers, values);
}

module.exports = show;
