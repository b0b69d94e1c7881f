// Measures the contestants of a question in turns, several rounds of all of them, so that whatever slows the machine
// for a while slows all alike. Ratios are taken within a round; the median of the rounds counts.

const { execFileSync, spawn } = require('node:child_process');
const events = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const BUILD = path.join(__dirname, '../build');
const ROUNDS = 7;

/** Compiles a C program of this folder and returns its path. */
function compile(name) {
  const program = path.join(BUILD, `bench-${name}`);
  fs.mkdirSync(BUILD, { recursive: true });
  execFileSync('cc', ['-O2', '-o', program, path.join(__dirname, `${name}.c`)]);
  return program;
}

/** A contestant that is a compiled program and prints its own nanoseconds a call. */
function program(name, ...args) {
  const file = compile(name);
  return { nanoseconds: async () => Number(execFileSync(file, args, { encoding: 'utf8' })) };
}

/** A contestant that is a function. */
function call(fn) {
  return {
    nanoseconds: async () => {
      const { measure } = await import('mitata');
      return (await measure(fn, { min_cpu_time: 150e6 })).p50;
    },
  };
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/**
 * Measures the contestants, an object by name. The first is the one that the others are compared with. Slow ones take
 * fewer rounds.
 */
async function compare(contestants, rounds = ROUNDS) {
  const names = Object.keys(contestants);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) times[name].push(await contestants[name].nanoseconds());
  }
  return names.map((name) => ({
    name,
    nanoseconds: median(times[name]),
    spread: [Math.min(...times[name]), Math.max(...times[name])],
    ratio: median(times[name].map((time, round) => time / times[names[0]][round])),
    rounds: times[name],
  }));
}

/** How many times `name` takes what `base` takes: the median of the rounds' ratios. */
function ratio(rows, name, base) {
  const of = (wanted) => rows.find((row) => row.name === wanted).rounds;
  const bases = of(base);
  return median(of(name).map((time, round) => time / bases[round]));
}

/** A contestant that takes milliseconds: it is called once a round, and may divide its time by `units`. */
function once(fn, units = 1) {
  return {
    nanoseconds: async () => {
      const begin = process.hrtime.bigint();
      await fn();
      return Number(process.hrtime.bigint() - begin) / units;
    },
  };
}

/** Starts a crowd of processes that do nothing: {pid, children, stop()}. */
async function crowd(count, mib = 0) {
  const child = spawn(compile('crowd'), [String(count), String(mib)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let line = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    line += text;
  });
  while (!line.endsWith('\n')) await events.once(child.stdout, 'data');
  return {
    pid: child.pid,
    children: line.trim().split(' ').filter(Boolean).map(Number),
    stop: () =>
      new Promise((resolve) => {
        child.once('close', resolve);
        child.stdin.end();
      }),
  };
}

const micro = (nanoseconds) => (nanoseconds / 1000).toFixed(2);

/** Prints rows, and whether each bound holds: {what, value, most, unit?}. */
function print({ question, rows, bounds = [] }) {
  console.log(`\n${question}`);
  printRows(rows);
  for (const { what, value, most, unit = '' } of bounds) {
    const verdict = value <= most ? 'holds' : 'DOES NOT HOLD';
    console.log(`${what}: ${value.toFixed(2)}${unit}, at most ${most}${unit}: ${verdict}`);
  }
}

function printRows(rows) {
  if (rows.length === 0) return;
  const width = Math.max(...rows.map(({ name }) => name.length));
  console.log(`${'median µs'.padStart(width + 12)}  ${'spread'.padStart(18)}  ratio`);
  for (const { name, nanoseconds, spread, ratio } of rows) {
    const range = `${micro(spread[0])}–${micro(spread[1])}`;
    console.log(
      `${name.padEnd(width)}  ${micro(nanoseconds).padStart(10)}  ${range.padStart(18)}  ${ratio.toFixed(2)}`,
    );
  }
}

function machine() {
  const [cpu, ...others] = os.cpus();
  const system = `${os.type()} ${os.release()} ${os.arch()}`;
  return `${system}, ${others.length + 1} × ${cpu.model}, Node ${process.version}`;
}

module.exports = { call, compare, crowd, machine, once, print, program, ratio };
