'use strict';

// Measures whether a process grows while it repeats the same work. Its tree is read after each round, once it has
// settled; the slope of the readings is the growth.

const { setTimeout: sleep } = require('node:timers/promises');

const { invalidArgType, outOfRange, systemError } = require('../errors');
const { chart } = require('./chart');
const { LONGEST_TIMER, checkObject, number, oneOf, own } = require('./options');
const { Reader } = require('./reading');
const { slope } = require('./slope');
const { resolve } = require('./target');

const METRICS = ['privateBytes', 'footprint', 'workingSetSize'];

function growthOptions(options) {
  checkObject(options);
  const count = { most: 1e6, integer: true };
  return {
    warmup: number(options, 'warmup', { ...count, least: 0, otherwise: 10 }),
    rounds: number(options, 'rounds', { ...count, least: 2, otherwise: 10 }),
    metric: oneOf(options, 'metric', METRICS),
    settle: number(options, 'settle', { least: 0, most: LONGEST_TIMER, otherwise: 100 }),
  };
}

/** Throws unless all roots exist and their metric is known. */
async function read(reader, { roots }, metric) {
  const { trees, failures, total } = await reader.read();
  if (failures.length > 0) throw failures[0];
  const gone = roots.find(({ pid }) => !trees.some((tree) => tree.pid === pid));
  if (gone !== undefined) throw systemError({ code: 'ESRCH', syscall: 'read', path: '' }, gone.pid);
  const value = metric === 'footprint' ? total.footprint.footprint : total[metric];
  if (value === undefined)
    throw systemError({ code: 'ENOSYS', syscall: metric, path: '' }, roots[0].pid);
  return value;
}

async function measureGrowth(target, round, options = undefined) {
  const { warmup, rounds, metric, settle } = growthOptions(options);
  if (typeof round !== 'function') throw invalidArgType('round', 'of type function', round);
  const resolved = resolve(target);
  const reader = new Reader(resolved, { footprint: metric === 'footprint', peaks: 'lifetime' });
  for (let i = 0; i < warmup; i++) await round();
  const series = [];
  for (let i = 0; i <= rounds; i++) {
    if (i > 0) await round();
    await sleep(settle);
    series.push(await read(reader, resolved, metric));
  }
  const { slope: perRound, low, high } = slope(series);
  return { metric, perRound, low, high, series };
}

function checkGrowth(growth) {
  const { perRound, low, high, series } = growth ?? {};
  const isMeasured = [perRound, low, high].every(Number.isFinite) && Array.isArray(series);
  if (!isMeasured) throw invalidArgType('growth', 'a result of measureGrowth()', growth);
}

function assertNoGrowth(growth, options) {
  checkGrowth(growth);
  checkObject(options);
  const maxPerRound = own(options, 'maxPerRound');
  if (typeof maxPerRound !== 'number')
    throw invalidArgType('options.maxPerRound', 'of type number', maxPerRound);
  if (!(maxPerRound >= 0)) throw outOfRange('options.maxPerRound', '>= 0', maxPerRound);
  const { metric, perRound, low, high, series } = growth;
  if (low <= maxPerRound) return;
  const [typical, least, most] = [perRound, low, high].map((value) => value.toFixed(1));
  // Loaded late, because it makes a pipe on standard error non-blocking for every process that shares it.
  const { AssertionError } = require('node:assert');
  throw new AssertionError({
    message:
      `${metric} grows by ${typical} KiB a round, with 95 % confidence by ${least} to ${most}; ` +
      `at most ${maxPerRound} is allowed\n\n${chart(series)}`,
    actual: low,
    expected: maxPerRound,
    operator: '<=',
    stackStartFn: assertNoGrowth,
  });
}

module.exports = { assertNoGrowth, measureGrowth };
