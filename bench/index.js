// npm run bench -- [--json] [--check] [question…]
//
// Answers each question (a file of this folder) in its own process. --json writes the answers to bench/results.json,
// from which report.js makes the tables and the plot of docs/performance.md; if questions are named, other answers are
// kept. With --check it fails if a bound is exceeded.

const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');

const { boundLine, rowLines } = require('./text');

const QUESTIONS = [
  'another-process',
  'own-process',
  'batch',
  'tree',
  'footprint',
  'promises',
  'exporters',
  'event-loop',
  'sampler',
  'cold-require',
  'growth',
];

function machine() {
  const psutil = execFileSync('/usr/bin/python3', [
    '-c',
    'import psutil; print(psutil.__version__)',
  ]);
  const peers = ['pidusage', 'pidtree', 'ps-list', 'systeminformation', 'mitata'].map((name) => {
    const file = path.join(__dirname, 'node_modules', name, 'package.json');
    return `${name} ${JSON.parse(fs.readFileSync(file, 'utf8')).version}`;
  });
  return {
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    processors: `${os.cpus().length} × ${os.cpus()[0].model}`,
    node: process.version,
    peers: [...peers, `psutil ${psutil.toString().trim()}`],
    load: os.loadavg()[0],
  };
}

/**
 * Answers a question in its own process. The process is started through a shell, since it would otherwise inherit the
 * peak of this one.
 */
function answer(question) {
  const file = path.join(os.tmpdir(), `process-memory-info-bench-${process.pid}.json`);
  const code =
    'const [question, file] = process.argv.slice(1);' +
    "require(question).run().then((answers) => require('node:fs').writeFileSync(file, JSON.stringify([answers].flat())));";
  const script = path.join(__dirname, `${question}.js`);
  const { status } = spawnSync(
    'sh',
    ['-c', '"$@"; exit $?', 'sh', process.execPath, '-e', code, script, file],
    { stdio: 'inherit' },
  );
  if (status !== 0) throw new Error(`${question} could not be answered`);
  const answers = JSON.parse(fs.readFileSync(file, 'utf8'));
  fs.rmSync(file);
  return answers;
}

function write(results, keepOthers) {
  const file = path.join(__dirname, 'results.json');
  if (keepOthers) {
    const titles = new Set(results.questions.map(({ title }) => title));
    const { machine: before, questions } = JSON.parse(fs.readFileSync(file, 'utf8'));
    results.machine = before;
    results.questions.unshift(...questions.filter(({ title }) => !titles.has(title)));
  }
  fs.writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
}

function main() {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' }, check: { type: 'boolean' } },
    allowPositionals: true,
  });
  const results = { machine: machine(), questions: [] };
  const { system, processors, node, peers } = results.machine;
  console.log(`${system}, ${processors}, Node ${node}, ${peers.join(', ')}`);
  for (const question of positionals.length > 0 ? positionals : QUESTIONS) {
    for (const part of answer(question)) {
      results.questions.push(part);
      console.log(`\n${part.title}`);
      for (const line of rowLines(part.rows)) console.log(line);
    }
  }
  const bounds = results.questions.flatMap((part) => part.bounds);
  if (bounds.length > 0) console.log('\nBounds');
  for (const bound of bounds) console.log(boundLine(bound));
  if (values.json) write(results, positionals.length > 0);
  if (values.check && bounds.some(({ value, most }) => value > most)) process.exitCode = 1;
}

main();
