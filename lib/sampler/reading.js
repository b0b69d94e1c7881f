'use strict';

// Reads the trees of all roots, except those that have exited or whose pid has been reused.

const promises = require('../promises');
const { sizeOf, totalOf } = require('../results');
const { Forks } = require('./forks');
const { PeakReset } = require('./peak-reset');

// Footprints are read again when private memory has grown by this factor since the last time.
const GROWTH = 1.01;

/** The sums over all trees. A process in several trees is counted once. */
function sumOf(trees) {
  if (trees.length === 1) return trees[0].total;
  const processes = new Map();
  for (const tree of trees) for (const info of tree.processes) processes.set(info.pid, info);
  const all = [...processes.values()];
  return totalOf(
    all,
    all.filter((info) => Object.hasOwn(info, 'footprint')).map(({ footprint }) => footprint),
  );
}

class Reader {
  #roots;
  #failures; // failures to open roots, reported with the first reading
  #footprint;
  #largest = 0; // size of the trees when their footprints were last read
  #forks = new Forks();
  #reset;

  constructor({ roots, failures }, { footprint, peaks }) {
    this.#roots = roots.filter(({ exited }) => !exited);
    this.#failures = failures;
    this.#footprint = footprint;
    if (peaks === 'interval') this.#reset = new PeakReset();
  }

  /** Whether any roots are left. */
  get done() {
    return this.#roots.length === 0;
  }

  /** Returns no trees if all roots have exited. Throws if roots are left but none could be read. */
  async read() {
    let reading = await this.#readRoots(this.#footprint === true);
    if (this.#footprint === 'peak' && reading.trees.length > 0 && this.#isPeak(reading)) {
      const precise = await this.#readRoots(true);
      if (precise.trees.length > 0) reading = precise; // otherwise the roots have just exited
    }
    if (reading.trees.length === 0 && reading.failures.length > 0) throw reading.failures[0];
    if (this.#reset !== undefined) await this.#reset.apply(reading.trees);
    return reading;
  }

  #isPeak({ total }) {
    if (sizeOf(total) <= this.#largest * GROWTH) return false;
    this.#largest = sizeOf(total);
    return true;
  }

  async #readRoots(footprint) {
    const pids = this.#roots.map(({ pid }) => pid);
    const entries = await promises.getTreeMemoryInfoBatch(pids, { footprint });
    const all = [];
    const failures = this.#failures.splice(0);
    this.#roots = this.#roots.filter(({ creationTime }, index) => {
      const { value: tree, reason } = entries[index];
      if (tree === undefined) {
        if (reason.code === 'ESRCH') return false;
        failures.push(reason);
        return true;
      }
      const [root] = tree.processes;
      if (root.creationTime !== creationTime || root.alive === false) return false;
      all.push(tree);
      return true;
    });
    // The footprints of several trees are added up from their processes, so all of these are needed.
    const trees = footprint && all.length > 1 ? all : this.#forks.leaveOut(all);
    return trees.length === 0 ? { trees, failures } : { trees, failures, total: sumOf(trees) };
  }
}

module.exports = { Reader };
