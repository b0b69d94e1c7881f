'use strict';

// Runs the fuzz targets, one per processor: `npm run fuzz -- --seconds 60 [target ...]`. New inputs are kept in
// build/fuzz/corpus/ for the next run; the seeds in test/fuzz/corpus/ do not change.

const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');

const ROOT = path.join(__dirname, '../..');
const BUILD = path.join(ROOT, 'build/fuzz');

const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string', default: '15' } },
  allowPositionals: true,
});
const seconds = Number(values.seconds);
if (!(Number.isInteger(seconds) && seconds > 0)) throw new Error('--seconds takes a whole number');

const known = fs
  .readdirSync(__dirname)
  .filter((name) => name.endsWith('.fuzz.c'))
  .map((name) => name.slice(0, -'.fuzz.c'.length));
const targets = positionals.length > 0 ? positionals : known;
for (const name of targets) if (!known.includes(name)) throw new Error(`no such target: ${name}`);

/** Runs one target; returns its output if it fails, otherwise its summary line. */
function run(name) {
  const found = path.join(BUILD, 'corpus', name);
  const seeds = path.join(__dirname, 'corpus', name);
  if (fs.readdirSync(seeds).length === 0) throw new Error(`${name} has no seeds`);
  fs.mkdirSync(found, { recursive: true });
  const options = [
    `-max_total_time=${seconds}`,
    '-timeout=10',
    '-max_len=16384',
    '-print_final_stats=1',
    `-artifact_prefix=${BUILD}/${name}-`,
  ];
  return new Promise((resolve) => {
    const child = spawn(path.join(BUILD, name), [...options, found, seeds]);
    let output = '';
    child.stderr.on('data', (data) => {
      output = (output + data).slice(-100000);
    });
    child.once('close', (status) => resolve({ name, passed: status === 0, output }));
  });
}

function report({ name, passed, output }) {
  if (!passed) {
    console.error(`${name}: failed\n${output.split('\n').slice(-60).join('\n')}`);
    process.exitCode = 1;
    return;
  }
  const runs = /number_of_executed_units: (\d+)/.exec(output)?.[1];
  const coverage = Array.from(output.matchAll(/cov: (\d+)/g)).at(-1)?.[1];
  console.log(`${name}: ${runs} inputs in ${seconds} s, ${coverage} edges`);
}

async function main() {
  execFileSync('make', ['-C', __dirname, '-j', String(os.availableParallelism())], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const waiting = [...targets];
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      report(await run(name));
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, worker));
}

main();
