// node --expose-gc test/storm/sampler.js [minutes]
//
// A long-running sampler at 50 ms: no descriptor is left open, its memory does not grow, and its ticks do not drift.

const assert = require('node:assert/strict');
const fs = require('node:fs');

const memory = require('../..');
const { sample } = require('../../lib/sampler');
const { slope } = require('../../lib/sampler/slope');
const { startNode } = require('../helpers/child');

const MINUTES = Number(process.argv[2] ?? 10);
const INTERVAL = 50;
const POINTS = 20;
const LAST = 200; // ticks: other programs can delay one of them, but not all

// Two processes per second start and exit.
const COMING_AND_GOING =
  "setInterval(() => require('node:child_process').spawn('sleep', ['0.3']), 500)";

const descriptors = () => fs.readdirSync('/proc/self/fd').length;

function privateKib() {
  for (let i = 0; i < 3; i++) gc();
  return memory.getMemoryInfo().privateBytes;
}

async function main() {
  const child = await startNode(COMING_AND_GOING);
  const duration = MINUTES * 60000;
  const before = descriptors();
  const series = [];
  const late = [];
  const sampler = sample(child.pid, { interval: INTERVAL, duration });
  for await (const each of sampler) {
    late.push(each.late);
    if (late.length > LAST) late.shift();
    if (each.elapsed >= (series.length * duration) / POINTS) series.push(privateKib());
  }
  const { samples, missed, started, exited, elapsed } = sampler.summary;
  const growth = slope(series.slice(POINTS / 5)); // without the warm-up
  const results = {
    minutes: elapsed / 60000,
    samples,
    missed,
    started,
    exited,
    descriptors: [before, descriptors()],
    series,
    growth,
    late: {
      last: late.at(-1),
      least: Math.min(...late),
      median: late.toSorted((a, b) => a - b)[100],
    },
  };
  console.log(JSON.stringify(results, null, 1));
  await child.stop();
  assert.ok(descriptors() <= before, 'a descriptor is left');
  assert.ok(growth.low * POINTS < 1024, 'its memory grows');
  assert.ok(Math.min(...late) <= 5, 'its ticks drift');
  assert.ok(samples + missed >= duration / INTERVAL - 1, 'a tick is missing');
}

main();
