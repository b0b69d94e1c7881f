// Is the event loop delayed while another thread reads the footprint of a large process?

const os = require('node:os');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { setTimeout: sleep } = require('node:timers/promises');

const memory = require('..');
const { crowd, median } = require('./measure');

const GIB = 1024 ** 3;
const ROUNDS = 7;
const SECONDS = 1;

/** The process must leave room for others: 4 GiB if 6 GiB are free, otherwise half of the free memory. */
function size() {
  const available = memory.getSystemMemoryInfo().available * 1024;
  return available >= 6 * GIB ? 4 : Math.floor((available / 2 / GIB) * 10) / 10;
}

/** The 99th percentile of the event loop's delay while `work` runs, in milliseconds. */
async function delay(work) {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await work();
  histogram.disable();
  return histogram.percentile(99) / 1e6;
}

async function readFootprints(pid, times) {
  const end = performance.now() + SECONDS * 1000;
  while (performance.now() < end) {
    const begin = performance.now();
    await memory.promises.getMemoryFootprint(pid);
    times.push(performance.now() - begin);
  }
}

const spread = (values) => [Math.min(...values) * 1e6, Math.max(...values) * 1e6];
const row = (name, values) => ({ name, nanoseconds: median(values) * 1e6, spread: spread(values) });

exports.run = async () => {
  const gib = size();
  const { pid, end } = await crowd(0, Math.round(gib * 1024));
  const idle = [];
  const busy = [];
  const times = [];
  await readFootprints(pid, []);
  for (let round = 0; round < ROUNDS; round++) {
    idle.push(await delay(() => sleep(SECONDS * 1000)));
    busy.push(await delay(() => readFootprints(pid, times)));
  }
  await end();
  const difference = median(busy.map((value, round) => value - idle[round]));
  return {
    title: `The event loop while the footprint of ${gib} GiB is read (of ${(os.totalmem() / GIB).toFixed(0)} GiB)`,
    rows: [
      row('one reading', times),
      row('delay of the event loop, 99th percentile, idle', idle),
      row('delay of the event loop, 99th percentile, reading', busy),
    ],
    bounds: [
      {
        what: 'event loop while a footprint is read, above idle',
        value: difference,
        most: 2,
        unit: ' ms',
      },
    ],
  };
};
