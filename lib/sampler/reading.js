'use strict';

// One reading of all roots: their trees, without those that are gone, or whose pid is another process's by now.

const promises = require('../promises');
const { totalOf } = require('../results');
const { PeakReset } = require('./peak-reset');

// A footprint is read anew when the private memory has grown by so much since it last was.
const GROWTH = 1.01;

/** The sums over all trees. A process that is in several is counted once. */
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

/** What a total is compared by: of some systems private memory is not known. */
const sizeOf = (total) => total.privateBytes ?? total.workingSetSize;

class Reader {
  #roots;
  #failures; // of the first reading, from before it
  #footprint;
  #largest = 0; // the size of the trees when their footprint was last read
  #reset;

  constructor({ roots, failures }, { footprint, peaks }) {
    this.#roots = roots.filter(({ exited }) => !exited);
    this.#failures = failures;
    this.#footprint = footprint;
    if (peaks === 'interval') this.#reset = new PeakReset();
  }

  /** Whether there is something left to read. */
  get done() {
    return this.#roots.length === 0;
  }

  /** Without trees if all roots are gone. Throws if no tree could be read, and there should be one. */
  async read() {
    let reading = await this.#readRoots(this.#footprint === true);
    if (this.#footprint === 'peak' && reading.trees.length > 0 && this.#isPeak(reading)) {
      const precise = await this.#readRoots(true);
      if (precise.trees.length > 0) reading = precise; // else the roots have just exited
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
    const trees = [];
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
      trees.push(tree);
      return true;
    });
    return trees.length === 0 ? { trees, failures } : { trees, failures, total: sumOf(trees) };
  }
}

module.exports = { Reader, sizeOf };
