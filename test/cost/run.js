'use strict';

// npm run test:cost [-- --update]
//
// Counts costs that do not depend on load, and compares them with budget.json: the instructions of the core for fixed
// work, without those of the C library, which differ between processors; and the system calls of every query. Fails if a
// query takes 5% more instructions, or a different number of system calls. --update writes a new budget. Instructions
// depend on the compiler: budget.json names it.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');

const memory = require('../..');
const { startFixture, stopAll } = require('../helpers/child');

const BUDGET = path.join(__dirname, 'budget.json');
const WORK = path.join(__dirname, '../../build/cost/work');
const TOLERANCE = 1.05;

// System calls that Node.js makes occasionally by itself: memory, locks, and waking other threads. And kcmp, by which
// processes are sorted: how many comparisons that takes depends on their order in the kernel.
const NOT_COUNTED =
  /^(brk|futex|kcmp|m(map|unmap|advise|protect|remap)|rt_sig\w+|sched_yield|tgkill)$/;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pmi-cost-'));
const run = (file, ...args) =>
  execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

function instructions(question) {
  const file = path.join(folder, 'callgrind');
  const options = ['--collect-atstart=no', '--toggle-collect=work', `--callgrind-out-file=${file}`];
  run('valgrind', '--tool=callgrind', ...options, WORK, question);
  const table = run('callgrind_annotate', '--threshold=100', '--auto=no', file);
  let sum = 0;
  for (const line of table.split('\n')) {
    const [, cost] = /^ *([\d,]+) /.exec(line) ?? [];
    if (cost !== undefined && line.endsWith(`[${WORK}]`)) sum += Number(cost.replaceAll(',', ''));
  }
  return sum;
}

/** The names of the system calls that the first thread of a program makes. */
function trace(...command) {
  const file = path.join(folder, 'strace');
  run('strace', '-f', '-o', file, ...command);
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  const [thread] = lines[0].split(' ');
  const calls = [];
  for (const line of lines) {
    const [, id, name, rest] = /^(\d+) +(\w+)\((.*)$/.exec(line) ?? [];
    if (id !== thread || NOT_COUNTED.test(name)) continue;
    calls.push({ name, rest });
  }
  return calls;
}

function tally(calls) {
  const counts = {};
  for (const { name } of calls) counts[name] = (counts[name] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort());
}

function systemCallsOfCore(question) {
  const calls = trace(WORK, question);
  const begin = calls.findIndex(({ name }) => name === 'getpgid');
  const end = calls.findLastIndex(({ name }) => name === 'getpgid');
  return tally(calls.slice(begin + 1, end));
}

async function systemCallsOfFunctions() {
  const { pid } = await startFixture('fan', 3);
  const script = path.join(__dirname, 'ask.js');
  const pids = memory.getTreeMemoryInfo(pid).processes.map((info) => info.pid);
  const calls = trace(process.execPath, script, ...pids.map(String));
  const counts = {};
  let begin;
  calls.forEach(({ rest }, index) => {
    const [, what, question] = /"\/(begin|end) (.*?)"/.exec(rest) ?? [];
    if (what === 'begin') begin = index;
    if (what === 'end') counts[question] = tally(calls.slice(begin + 1, index));
  });
  await stopAll();
  return counts;
}

async function count() {
  const questions = run(WORK).trim().split('\n');
  const of = (fn) => Object.fromEntries(questions.map((question) => [question, fn(question)]));
  return {
    compiler: run('cc', '--version').split('\n')[0],
    instructions: of(instructions),
    systemCalls: { ...of(systemCallsOfCore), ...(await systemCallsOfFunctions()) },
  };
}

function report(counted, budget) {
  for (const [question, now] of Object.entries(counted.instructions)) {
    const before = budget.instructions[question];
    const change = before === undefined ? 'new' : `${((now / before - 1) * 100).toFixed(1)}%`;
    console.log(`${String(now).padStart(8)} instructions  ${change.padStart(7)}  ${question}`);
  }
  for (const [question, calls] of Object.entries(counted.systemCalls)) {
    const list = Object.entries(calls).map(([name, times]) => `${times} ${name}`);
    console.log(`${question}: ${list.join(', ')}`);
  }
}

async function main() {
  const { update } = parseArgs({ options: { update: { type: 'boolean' } } }).values;
  const budget = JSON.parse(fs.readFileSync(BUDGET, 'utf8'));
  const counted = await count();
  report(counted, budget);
  if (update) {
    fs.writeFileSync(BUDGET, `${JSON.stringify(counted, null, 2)}\n`);
    return;
  }
  assert.deepEqual(counted.systemCalls, budget.systemCalls);
  if (counted.compiler !== budget.compiler) {
    console.log(`The instructions are not compared: ${counted.compiler}, not ${budget.compiler}`);
    return;
  }
  assert.deepEqual(Object.keys(counted.instructions), Object.keys(budget.instructions));
  for (const [question, now] of Object.entries(counted.instructions)) {
    const most = budget.instructions[question] * TOLERANCE;
    assert.ok(now <= most, `${question}: ${now} instructions, at most ${most.toFixed(0)}`);
  }
}

main().finally(() => fs.rmSync(folder, { recursive: true }));
