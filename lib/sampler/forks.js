'use strict';

// Between fork(2) and exec(2) a child shares its parent's memory, so that a reading would count it twice: for a large
// program that starts others, such as a build tool, far more than it ever had.

const { performance } = require('node:perf_hooks');

const { totalOf } = require('../results');

const LEAST = 1024; // KiB; smaller ones do not matter
const TOLERANCE = 0.05; // the parent may have allocated or freed memory since
const GRACE_MS = 1000; // what has not executed a program by then is not going to

const isCopy = (child, parent) =>
  child.forked &&
  child.privateBytes >= LEAST &&
  Math.abs(child.privateBytes - parent.privateBytes) <= parent.privateBytes * TOLERANCE;

class Forks {
  #clock;
  #now; // the time of this reading
  #known; // by pid: creation time, and since when the process has been left out, of all processes of the last reading

  /** @param clock Returns the monotonic time in milliseconds. */
  constructor(clock = () => performance.now()) {
    this.#clock = clock;
  }

  /** Leaves out new processes that have executed no program and have no children. */
  leaveOut(trees) {
    this.#now = this.#clock();
    const leftOut = new Map(); // by pid: since when
    const kept =
      this.#known === undefined ? trees : trees.map((tree) => this.#withoutCopies(tree, leftOut));
    this.#known = new Map();
    for (const { processes } of trees)
      for (const { pid, creationTime } of processes)
        this.#known.set(pid, { creationTime, since: leftOut.get(pid) });
    return kept;
  }

  #withoutCopies(tree, leftOut) {
    if (!tree.processes.some(({ forked }) => forked)) return tree;
    const byPid = new Map(tree.processes.map((info) => [info.pid, info]));
    const parents = new Set(tree.processes.map(({ ppid }) => ppid));
    const processes = tree.processes.filter((info) => {
      const parent = info.pid === tree.pid ? undefined : byPid.get(info.ppid);
      if (parent === undefined || parents.has(info.pid) || !isCopy(info, parent)) return true;
      const since = this.#since(info);
      if (since === undefined) return true;
      leftOut.set(info.pid, since);
      return false;
    });
    if (processes.length === tree.processes.length) return tree;
    // A footprint has each part of the shared memory once, in one process or the other.
    const { footprint } = tree.total;
    const total = { ...totalOf(processes, []), ...(footprint && { footprint }) };
    return { ...tree, processes, total };
  }

  /** When a process that has not been counted yet was first seen; undefined once it must be counted. */
  #since({ pid, creationTime }) {
    const known = this.#known.get(pid);
    if (known?.creationTime !== creationTime) return this.#now;
    return this.#now - known.since < GRACE_MS ? known.since : undefined;
  }
}

module.exports = { Forks };
