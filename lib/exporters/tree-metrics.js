'use strict';

// Takes the samples of all metrics from one reading of the trees, so that they are consistent.

const { performance } = require('node:perf_hooks');

const { withAppMetrics } = require('../app-metrics');
const { invalidArgType } = require('../errors');
const promises = require('../promises');
const { Groups, gauges, KIB } = require('./groups');
const { checkOptions, checkRoot } = require('./options');

const identity = ({ pid, creationTime }) => `${pid}:${creationTime}`;

/** A monotonic counter for each group. */
class GroupCounter {
  #counts = new Map();

  add(group, amount) {
    this.#counts.set(group, (this.#counts.get(group) ?? 0) + amount);
  }

  samples() {
    return Array.from(this.#counts, ([group, value]) => ({ labels: { group }, value }));
  }
}

/** The live processes, each once, even if several trees contain it. */
function distinct(trees) {
  const found = new Map();
  for (const process of trees.flatMap(({ processes }) => processes)) {
    if (process.alive !== false) found.set(identity(process), process);
  }
  return Array.from(found.values());
}

function countBy(items, key) {
  const counts = new Map();
  for (const item of items) counts.set(item[key], (counts.get(item[key]) ?? 0) + 1);
  return counts;
}

const single = (value) => (value === undefined ? [] : [{ labels: {}, value }]);

const unreadableSamples = (failures) =>
  Array.from(countBy(failures, 'code'), ([code, value]) => ({ labels: { code }, value }));

/** The samples of one tree, without state between readings. */
function samplesOfTree(tree, options) {
  const checked = checkOptions(options);
  if (!Array.isArray(tree?.processes) || !Array.isArray(tree.unreadable)) {
    throw invalidArgType('tree', 'a result of getTreeMemoryInfo()', tree);
  }
  const processes = distinct([tree]);
  const footprint = processes.some((process) => process.footprint !== undefined);
  return {
    ...gauges(new Groups(checked).divide(processes), footprint),
    unreadable: unreadableSamples(tree.unreadable),
  };
}

/** Reads trees repeatedly and counts the processes that start and exit. */
class TreeMetrics {
  #options;
  #groups;
  #seen; // group of each process in the last reading, by identity
  #started = new GroupCounter();
  #exited = new GroupCounter();
  #reading;

  constructor(options) {
    this.#options = checkOptions(options);
    this.#groups = new Groups(this.#options);
  }

  /** The samples of every metric, by key. Concurrent calls share one reading. */
  read() {
    if (this.#reading === undefined) {
      this.#reading = this.#read().finally(() => {
        this.#reading = undefined;
      });
    }
    return this.#reading;
  }

  async #read() {
    const began = performance.now();
    const roots = await this.#roots();
    const [answers, limit] = await Promise.all([this.#trees(roots), tightest(roots)]);
    const trees = answers.filter(({ error }) => error === undefined).map(({ tree }) => tree);
    const failures = answers.filter(({ error }) => error !== undefined);
    const members = this.#groups.divide(distinct(trees));
    // A process that could not be read, other than because it exited, has not exited.
    const complete = failures.every(({ error }) => error.code === 'ESRCH');
    this.#count(members, complete);
    return {
      ...gauges(members, this.#options.footprint),
      started: this.#started.samples(),
      exited: this.#exited.samples(),
      unreadable: unreadableSamples([
        ...failures.map(({ error }) => error),
        ...trees.flatMap(({ unreadable }) => unreadable),
      ]),
      limit: single(limit?.limit),
      available: single(limit?.available),
      duration: single((performance.now() - began) / 1000),
    };
  }

  /** The roots of this reading; empty if all processes are read. */
  async #roots() {
    const { roots } = this.#options;
    if (roots === 'all') return [];
    return Array.from(await roots(), (root, index) => checkRoot(root, `roots[${index}]`));
  }

  /** The tree or the error of each root. */
  async #trees(roots) {
    const { footprint, appMetrics } = this.#options;
    const named = (tree) => (appMetrics === undefined ? tree : withAppMetrics(tree, appMetrics()));
    if (this.#options.roots === 'all') {
      return [{ tree: named(await promises.getAllMemoryInfo({ footprint })) }];
    }
    const entries = await promises.getTreeMemoryInfoBatch(
      roots.map(({ pid }) => pid),
      { footprint },
    );
    return entries.map(({ status, value, reason }, index) => {
      if (status === 'rejected') return { error: reason };
      if (!isSame(value.processes[0], roots[index])) return { error: { code: 'ESRCH' } };
      return { tree: named(value) };
    });
  }

  /** Counts processes that started or exited since the last reading, from the second reading on. */
  #count(members, complete) {
    const now = new Map();
    for (const [group, processes] of members) {
      this.#started.add(group, 0);
      this.#exited.add(group, 0);
      for (const process of processes) now.set(identity(process), group);
    }
    for (const [key, group] of this.#seen ?? []) {
      if (now.has(key)) continue;
      if (complete) this.#exited.add(group, 1);
      else now.set(key, group);
    }
    if (this.#seen !== undefined) {
      for (const [key, group] of now) if (!this.#seen.has(key)) this.#started.add(group, 1);
    }
    this.#seen = now;
  }
}

/** Whether this is the original process, and not another one with its pid. */
const isSame = ({ creationTime }, root) =>
  root.creationTime === undefined || root.creationTime === creationTime;

/** The limit, in bytes, of the root with the least memory available; undefined if none is known. */
async function tightest(roots) {
  const settled = await Promise.allSettled(roots.map(({ pid }) => promises.getMemoryLimit(pid)));
  const limits = settled
    .map(({ value }) => value)
    .filter((value) => value?.limit !== undefined)
    .sort((a, b) => (a.available ?? a.limit) - (b.available ?? b.limit));
  if (limits.length === 0) return undefined;
  const { limit, available } = limits[0];
  return { limit: limit * KIB, available: available === undefined ? undefined : available * KIB };
}

module.exports = { TreeMetrics, samplesOfTree };
