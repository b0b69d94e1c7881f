'use strict';

// The largest private memory that each process has had, which macOS and Windows record. It is read with each sample, so
// only what a process needs after its last sample is missed.

const { countersOf } = require('../counters');

/** The counter that is the maximum of what privateBytes is on the system. */
const COUNTERS = { darwin: 'peakFootprint', win32: 'peakPagefileUsage' };

const keyOf = ({ pid, creationTime }) => `${pid} ${creationTime}`;

class PrivatePeaks {
  #counter;
  #peaks = new Map(); // by pid and creation time

  constructor(counter = COUNTERS[process.platform]) {
    this.#counter = counter;
  }

  observe(processes) {
    if (this.#counter === undefined) return;
    for (const info of processes) {
      const peak = this.#read(info);
      if (peak !== undefined) this.#peaks.set(keyOf(info), peak);
    }
  }

  #read(info) {
    try {
      return countersOf(info)?.[this.#counter];
    } catch {
      return undefined; // the samples report failures
    }
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
