// Measures the contestants of a question in turns, in several rounds, so that other load affects all of them alike.
// Ratios are taken within a round; the median of the rounds counts.

const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');
const { setTimeout: sleep } = require('node:timers/promises');

const BUILD = path.join(__dirname, '../build');
const ROUNDS = 9;

/** Compiles a C program of this folder and returns its path. */
function compile(name) {
  const program = path.join(BUILD, `bench-${name}`);
  fs.mkdirSync(BUILD, { recursive: true });
  execFileSync('cc', ['-O2', '-o', program, path.join(__dirname, `${name}.c`)]);
  return program;
}

/** A contestant that is another program, which prints its nanoseconds per call. */
function program(file, ...args) {
  return {
    nanoseconds: async () => Number(execFileSync(file, args.map(String), { encoding: 'utf8' })),
  };
}

const bare = (...args) => program(compile('bare'), ...args);
const psutil = (...args) => program('/usr/bin/python3', path.join(__dirname, 'peer.py'), ...args);

async function sample(fn, options) {
  const { measure } = await import('mitata');
  return (await measure(fn, options)).p50;
}

// Short batches, most of which are not interrupted by another process.
const FAST = { min_cpu_time: 60e6, batch_samples: 32 };

/** A contestant that is a function; `each` is how many items one call covers. */
const call = (fn, each = 1) => ({ nanoseconds: async () => (await sample(fn, FAST)) / each });

/** An asynchronous contestant that takes milliseconds; `pause` is for those that cache an answer for a while. */
const slow = (fn, { each = 1, pause = 0 } = {}) => ({
  nanoseconds: async () => {
    const times = [];
    for (let i = 0; i < 3; i++) {
      await sleep(pause);
      const begin = process.hrtime.bigint();
      await fn();
      times.push(Number(process.hrtime.bigint() - begin) / each);
    }
    return median(times);
  },
});

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/**
 * Measures the contestants, an object by name. `ours` and `bare` are the names of those that the others are compared
 * with; `bare` may be left out.
 */
async function compare(contestants, { ours, bare: kernel }, rounds = ROUNDS) {
  const names = Object.keys(contestants);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) times[name].push(await contestants[name].nanoseconds());
  }
  const ratio = (name, other) =>
    other === undefined
      ? undefined
      : median(times[name].map((time, round) => time / times[other][round]));
  return names.map((name) => ({
    name,
    nanoseconds: median(times[name]),
    spread: [Math.min(...times[name]), Math.max(...times[name])],
    toOurs: ratio(name, ours),
    toBare: ratio(name, kernel),
    toEach: Object.fromEntries(names.map((other) => [other, ratio(name, other)])),
  }));
}

/** A bound that must hold: the ratio of one row to another. */
function bound(what, rows, name, other, most) {
  const value = rows.find((row) => row.name === name).toEach[other];
  return { what, value, most, unit: '×' };
}

/** Starts `children` sleeping processes below one more, which has `mib` of memory. */
async function crowd(children, mib) {
  const args = [children, ...(mib === undefined ? [] : [mib])].map(String);
  const child = spawn(compile('crowd'), args, {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const pids = [];
  for await (const line of readline.createInterface({ input: child.stdout })) {
    if (line === 'ready') {
      const ended = new Promise((resolve) => child.once('close', resolve));
      const end = () => {
        child.stdin.end();
        return ended;
      };
      return { pid: child.pid, pids, end };
    }
    pids.push(Number(line));
  }
  throw new Error('the crowd could not be started');
}

module.exports = { bare, bound, call, compare, compile, crowd, median, psutil, slow };
