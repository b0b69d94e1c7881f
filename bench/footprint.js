// What does a footprint cost, and does it hold up the event loop?

const os = require('node:os');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { setTimeout: sleep } = require('node:timers/promises');

const memory = require('..');
const { call, compare, crowd, once } = require('./measure');

const MAX_MIB = 4096;

/** The 99th percentile of the event loop's delay while `work` is pending, in milliseconds. */
async function delay(work) {
  const monitor = monitorEventLoopDelay({ resolution: 1 });
  monitor.enable();
  await work();
  monitor.disable();
  return monitor.percentile(99) / 1e6;
}

exports.run = async () => {
  const mib = Math.min(MAX_MIB, Math.floor(os.freemem() / 2 / 1024 / 1024));
  const large = await crowd(1, mib);
  const [pid] = large.children;
  try {
    while (memory.getMemoryInfo(pid).privateBytes < mib * 1024) await sleep(100);
    const rows = await compare({
      'small process': call(() => memory.getMemoryFootprint(large.pid)),
      [`process with ${mib} MiB`]: once(() => memory.getMemoryFootprint(pid)),
      [`process with ${mib} MiB, as a promise`]: once(() =>
        memory.promises.getMemoryFootprint(pid),
      ),
    });
    const idle = await delay(() => sleep(2000));
    const until = Date.now() + 2000;
    const busy = await delay(async () => {
      while (Date.now() < until) await memory.promises.getMemoryFootprint(pid);
    });
    return [
      {
        question: 'Footprints',
        rows,
        bounds: [
          {
            what: `event-loop delay, p99, above idle, while the footprint of ${mib} MiB is pending`,
            value: Math.max(0, busy - idle),
            most: 2,
            unit: ' ms',
          },
        ],
      },
    ];
  } finally {
    await large.stop();
  }
};
