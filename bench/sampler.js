// What does it cost to sample a tree of 200 each second, in processor time per reading, and is the event loop delayed?
// Each contestant is its own program; they take turns.

const { execFile } = require('node:child_process');
const path = require('node:path');
const { promisify } = require('node:util');

const memory = require('..');
const { bound, compare, compile, crowd, median } = require('./measure');

const SECONDS = 8;
const PROCESSES = 200;
const ROUNDS = 3;
const WARMUP = 50;

const run = promisify(execFile);

// Prints nanoseconds of processor time per reading, including child processes, and the 99th percentile of the event
// loop's delay in milliseconds. Readings in quick succession come first, after which V8 has compiled the code as it has
// in a program that runs for minutes; they and the first two readings do not count.
const PROGRAM = `
  const fs = require('node:fs');
  const { monitorEventLoopDelay } = require('node:perf_hooks');
  const { setTimeout: sleep } = require('node:timers/promises');
  const pid = Number(process.argv[1]);
  const children = () => {
    const fields = fs.readFileSync('/proc/self/stat', 'latin1').split(') ')[1].split(' ');
    return (Number(fields[13]) + Number(fields[14])) * 1e7; // in ticks of 10 ms
  };
  const spent = () => { const { user, system } = process.cpuUsage(); return (user + system) * 1e3 + children(); };
  const loop = monitorEventLoopDelay({ resolution: 1 });
  let begin;
  let readings = -2;
  function read() {
    if (++readings === 0) { begin = spent(); if (process.argv[2]) loop.enable(); }
    if (readings < ${SECONDS}) return false;
    loop.disable();
    console.log(JSON.stringify({ nanoseconds: (spent() - begin) / readings, delay: loop.percentile(99) / 1e6 }));
    process.exit();
  }
  async function eachSecond(ask) {
    for (let i = 0; i < ${WARMUP}; i++) { await ask(); await sleep(10); }
    for (;;) { await ask(); read(); await sleep(1000); }
  }`;

const root = JSON.stringify(path.join(__dirname, '..'));
const modules = JSON.stringify(path.join(__dirname, 'node_modules'));

const WATCHERS = {
  idle: 'eachSecond(() => {});',
  alone: `const memory = require(${root}); eachSecond(() => memory.promises.getTreeMemoryInfo(pid));`,
  sampler: `const { sample } = require(${root} + '/lib/sampler');
    (async () => {
      let warm = 0;
      for await (const each of sample(pid, { interval: 10 })) if (++warm === ${WARMUP}) break;
      for await (const each of sample(pid)) read();
    })();`,
  peers: `const { pidtree } = require(${modules} + '/pidtree'); const pidusage = require(${modules} + '/pidusage');
    eachSecond(async () => pidusage(await pidtree(pid, { root: true })));`,
};

/** Runs a program. Watching the event loop is optional, since it takes processor time itself. */
async function watch(name, pid, { loop = false } = {}) {
  const args = ['-e', `${PROGRAM}\n${WATCHERS[name]}`, pid, ...(loop ? ['loop'] : [])];
  return JSON.parse((await run(process.execPath, args)).stdout);
}

const watcher = (name, pid) => ({
  nanoseconds: async () => (await watch(name, pid)).nanoseconds,
});

/** How many milliseconds the 99th percentile of the event loop's delay is above that of an idle program. */
async function rise(pid) {
  const rises = [];
  for (let round = 0; round < ROUNDS; round++) {
    const idle = await watch('idle', pid, { loop: true });
    const busy = await watch('sampler', pid, { loop: true });
    rises.push(busy.delay - idle.delay);
  }
  return median(rises);
}

function bareWatch(pid) {
  const files = memory
    .getTreeMemoryInfo(pid)
    .processes.flatMap((info) => [`/proc/${info.pid}/stat`, `/proc/${info.pid}/status`]);
  const program = compile('bare');
  return {
    nanoseconds: async () =>
      Number((await run(program, ['watch', SECONDS, ...files].map(String))).stdout),
  };
}

exports.run = async () => {
  const tree = await crowd(PROCESSES - 1);
  const pid = String(tree.pid);
  const kernel = 'bare C: open, read, close stat and status of each';
  const alone = 'await promises.getTreeMemoryInfo(pid)';
  const ours = 'sample(pid)';
  const rows = await compare(
    {
      'a program that does nothing': watcher('idle', pid),
      [kernel]: bareWatch(tree.pid),
      [alone]: watcher('alone', pid),
      [ours]: watcher('sampler', pid),
      'await pidtree(pid), pidusage(pids)': watcher('peers', pid),
    },
    { ours, bare: kernel },
    ROUNDS,
  );
  const delay = await rise(pid);
  await tree.end();
  return {
    title: `A tree of ${PROCESSES}, watched each second: processor time a second`,
    rows,
    bounds: [
      bound('sample() of a tree of 200, to its bare reads', rows, ours, kernel, 2),
      bound('sample() of a tree of 200, to getTreeMemoryInfo()', rows, ours, alone, 1.2),
      {
        what: 'event loop while a tree of 200 is sampled, above idle',
        value: delay,
        most: 1,
        unit: ' ms',
      },
    ],
  };
};
