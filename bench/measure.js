// Measures the contestants of a question in turns, several rounds of all of them, so that whatever slows the machine
// for a while slows all alike. Ratios are taken within a round; the median of the rounds counts.

const { execFileSync } = require('node:child_process');
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

/** Measures the contestants, an object by name. The first is the one that the others are compared with. */
async function compare(contestants) {
  const names = Object.keys(contestants);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) times[name].push(await contestants[name].nanoseconds());
  }
  return names.map((name) => ({
    name,
    nanoseconds: median(times[name]),
    spread: [Math.min(...times[name]), Math.max(...times[name])],
    ratio: median(times[name].map((time, round) => time / times[names[0]][round])),
  }));
}

const micro = (nanoseconds) => (nanoseconds / 1000).toFixed(2);

function print(question, rows) {
  console.log(`\n${question}`);
  const width = Math.max(...rows.map(({ name }) => name.length));
  console.log(`${'median µs'.padStart(width + 12)}  ${'spread'.padStart(18)}  ratio`);
  for (const { name, nanoseconds, spread, ratio } of rows) {
    const range = `${micro(spread[0])}–${micro(spread[1])}`;
    console.log(
      `${name.padEnd(width)}  ${micro(nanoseconds).padStart(10)}  ${range.padStart(18)}  ${ratio.toFixed(2)}`,
    );
  }
}

function printMachine() {
  console.log(
    `${os.type()} ${os.release()} ${os.arch()}, ${os.cpus()[0].model}, Node ${process.version}`,
  );
}

module.exports = { call, compare, print, printMachine, program };
