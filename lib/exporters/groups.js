'use strict';

// Groups of processes and their memory.

const { invalidArgType } = require('../errors');

/** The group of all processes without a group of their own. */
const OTHER = 'other';

const KIB = 1024;

/** The exact footprint of a process; estimates are excluded. */
const exact = ({ footprint }) => (footprint?.code === undefined ? footprint : undefined);

/** The types of memory, and the size that a process adds to each in KiB; undefined if unknown. */
const TYPES = {
  resident: (process) => process.workingSetSize,
  private: (process) => process.privateBytes,
  shared: (process) => process.sharedBytes,
};
const TYPES_WITH_FOOTPRINT = {
  ...TYPES,
  footprint: (process) => exact(process)?.footprint,
  proportional: (process) => exact(process)?.pss,
  swap: (process) => exact(process)?.swap,
};

/** The sum; undefined if any part is unknown. */
function sum(processes, sizeOf) {
  let total = 0;
  for (const process of processes) total += sizeOf(process) ?? Number.NaN;
  return Number.isNaN(total) ? undefined : total;
}

/** The largest known peak. */
function peakOf(processes) {
  let largest;
  for (const { peakWorkingSetSize: peak } of processes) {
    if (peak !== undefined && !(peak <= largest)) largest = peak;
  }
  return largest;
}

/** The samples of the gauges: `members` are the processes of each group. */
function gauges(members, withFootprint) {
  const types = Object.entries(withFootprint ? TYPES_WITH_FOOTPRINT : TYPES);
  const samples = { memory: [], processes: [], peak: [] };
  for (const [group, processes] of members) {
    for (const [type, sizeOf] of types) {
      const size = sum(processes, sizeOf);
      if (size !== undefined) samples.memory.push({ labels: { group, type }, value: size * KIB });
    }
    samples.processes.push({ labels: { group }, value: processes.length });
    const peak = peakOf(processes);
    if (peak !== undefined) samples.peak.push({ labels: { group }, value: peak * KIB });
  }
  return samples;
}

/** Assigns processes to groups. A group keeps its place, so that its counters stay in the same series. */
class Groups {
  #places = new Set();
  #group;
  #max;

  constructor({ group, maxGroups }) {
    this.#group = group;
    this.#max = maxGroups;
  }

  #nameOf(process) {
    const name = this.#group(process) ?? OTHER;
    if (typeof name === 'string') return name;
    throw invalidArgType('the result of options.group()', 'of type string', name);
  }

  /** The processes by group. The largest new groups get the remaining places. */
  divide(processes) {
    const named = new Map();
    for (const process of processes) {
      const name = this.#nameOf(process);
      if (named.has(name)) named.get(name).push(process);
      else named.set(name, [process]);
    }
    const others = named.get(OTHER) ?? [];
    named.delete(OTHER);
    const largest = Array.from(named.keys())
      .filter((name) => !this.#places.has(name))
      .map((name) => [name, sum(named.get(name), TYPES.resident)])
      .sort(([, a], [, b]) => b - a);
    for (const [name] of largest.slice(0, this.#max - this.#places.size)) this.#places.add(name);
    for (const [name, members] of named) {
      if (this.#places.has(name)) continue;
      others.push(...members);
      named.delete(name);
    }
    if (others.length > 0) named.set(OTHER, others);
    return named;
  }
}

module.exports = { Groups, KIB, gauges };
