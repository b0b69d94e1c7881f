'use strict';

// What is watched: the trees of some pids, or every process.

const promises = require('../../promises');
const { Reader } = require('../../sampler/reading');
const { resolve } = require('../../sampler/target');

const everything = { read: (footprint) => promises.getAllMemoryInfo({ footprint }) };

/** The processes of all trees, each once. */
function processesOf(trees) {
  const byPid = new Map();
  for (const { processes } of trees) for (const info of processes) byPid.set(info.pid, info);
  return Array.from(byPid.values());
}

class Trees {
  #readers;

  /** Throws if no pid can be read. */
  constructor(pids) {
    const { roots, failures } = resolve(pids);
    this.#readers = [
      new Reader({ roots, failures }, { footprint: false }),
      new Reader({ roots, failures }, { footprint: true }),
    ];
  }

  async read(footprint) {
    const { trees, failures, total } = await this.#readers[Number(footprint)].read();
    if (trees.length === 0) return undefined;
    const unreadable = [...failures, ...trees.flatMap((tree) => tree.unreadable)];
    return { processes: processesOf(trees), total, unreadable };
  }
}

/** `read(footprint)` resolves to {processes, total, unreadable}, or to undefined if all roots have exited. */
const openSource = (pids) => (pids.length === 0 ? everything : new Trees(pids));

module.exports = { openSource };
