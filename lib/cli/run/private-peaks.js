'use strict';

// The largest private memory that each process has had, which macOS and Windows record. It is read with each sample, so
// only what a process needs after its last sample is missed.

const { countersOf } = require('../counters');

/** The counter that is the maximum of what privateBytes is on the system. */
const COUNTERS = { darwin: 'peakFootprint', win32: 'peakPagefileUsage' };

/** The number of exited processes to keep, the largest. */
const MOST_EXITED = 1000;

const keyOf = ({ pid, creationTime }) => `${pid} ${creationTime}`;

class PrivatePeaks {
  #counter;
  #read;
  #peaks = new Map(); // by pid and creation time

  constructor(counter = COUNTERS[process.platform], read = countersOf) {
    this.#counter = counter;
    this.#read = read;
  }

  observe(processes) {
    if (this.#counter === undefined) return;
    for (const info of processes) {
      const peak = this.#peakOf(info);
      if (peak !== undefined) this.#peaks.set(keyOf(info), peak);
    }
    if (this.#peaks.size >= processes.length + 2 * MOST_EXITED) this.#forget(processes);
  }

  #peakOf(info) {
    try {
      return this.#read(info)?.[this.#counter];
    } catch {
      return undefined; // the samples report failures
    }
  }

  #forget(running) {
    const kept = new Set(running.map(keyOf));
    const exited = [...this.#peaks].filter(([key]) => !kept.has(key)).sort(([, a], [, b]) => b - a);
    for (const [key] of exited.slice(MOST_EXITED)) this.#peaks.delete(key);
  }

  /** The record of a process, with peakPrivateBytes if that is known. */
  complete(record) {
    const peak = this.#peaks.get(keyOf(record));
    if (peak === undefined) return record;
    // Wine reports the current value as the peak.
    return { ...record, peakPrivateBytes: Math.max(peak, record.maxPrivateBytes ?? 0) };
  }
}

module.exports = { PrivatePeaks };
