'use strict';

// The largest private memory that each process has had, which macOS and Windows record. It is read with each sample, so
// only what a process needs after its last sample is missed.

const { countersOf } = require('../counters');

/** The counter that is the maximum of what privateBytes is on the system. */
const COUNTERS = { darwin: 'peakFootprint', win32: 'peakPagefileUsage' };

const keyOf = ({ pid, creationTime }) => `${pid} ${creationTime}`;

class PrivatePeaks {
  #counter;
  #read;
  #peaks = new Map(); // by pid and creation time
  #most = 2000; // how many to keep before some are forgotten

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
  }

  #peakOf(info) {
    try {
      return this.#read(info)?.[this.#counter];
    } catch {
      return undefined; // the samples report failures
    }
  }

  /** Forgets processes that have no record any more, if there are many. `recordsOf` returns the records. */
  forget(recordsOf) {
    if (this.#peaks.size < this.#most) return;
    const kept = new Set(recordsOf().map(keyOf));
    for (const key of this.#peaks.keys()) if (!kept.has(key)) this.#peaks.delete(key);
    this.#most = Math.max(this.#most, 2 * this.#peaks.size);
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
