'use strict';

// The verb that needs no name: the API's answers as tables, or as JSON.

const { parseArgs } = require('node:util');

const { version } = require('../../package.json');
const memory = require('../index');
const format = require('./format');
const { complain, json } = require('./output');
const { parseInteger } = require('./units');

const USAGE = `Usage: memory-info [pid…] [options]
       memory-info run [options] -- command…  runs a command and says what its memory came to
       memory-info watch [pid…]               shows memory as it changes
       memory-info report recording.jsonl…    draws what "run" recorded as a page
       memory-info serve [pid…]               serves metrics for Prometheus

Prints how much memory processes use. Without a pid: the process that started memory-info. Each verb explains
itself with --help.

  --all        every process that it may see, by pid; with --tree as trees
  --tree       each process with everything under it, and the total
  --footprint  what each process costs exactly; slow for large processes
  --counters   all that the system counts
  --limit      the tightest memory limit on the process, as of its container
  --system     the memory of the whole machine; only that, if nothing else is asked for
  --json       the objects of the API, with sizes in KiB: one object for one pid, else an array
  -h, --help   this text
  --version    the version

WORKING SET  physical memory that the process occupies, shared pages included
PEAK         the largest working set it ever had
PRIVATE      memory of its own, backed by no file
SHARED       the part of the working set that it has, or could have, in common with others
FOOTPRINT    what may be added up over processes without counting a page twice; "~" marks an estimate
USS, PSS     unique and proportional set size
SWAP         swapped out

A value that the system does not give is shown as "-". Exits with 1 if something could not be read.
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

/** The parts of the text, one after the other: all of them at once may be more than a string can hold. */
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
  if (all && pids.length > 0) throw new Error('--all takes no pid');
  if (all && limit) throw new Error('--all takes no --limit');
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
