'use strict';

// The largest private memory that each process has had, which macOS and Windows record. It is read with each sample, so
// only what a process needs after its last sample is missed.

const { openProcess } = require('../../index');

/** The counter that is the maximum of what privateBytes is on the system. */
const COUNTERS = { darwin: 'peakFootprint', win32: 'peakPagefileUsage' };

const keyOf = ({ pid, creationTime }) => `${pid} ${creationTime}`;

/** Undefined if the process has exited, even if its pid was reused, or does not show the counter. */
function read({ pid, creationTime }, counter) {
  let handle;
  try {
    handle = openProcess(pid);
    return handle.creationTime === creationTime ? handle.getMemoryCounters()[counter] : undefined;
  } catch {
    return undefined; // the samples report failures
  } finally {
    handle?.close();
  }
}

class PrivatePeaks {
  #counter;
  #peaks = new Map(); // by pid and creation time

  constructor(counter = COUNTERS[process.platform]) {
    this.#counter = counter;
  }

  observe(processes) {
    if (this.#counter === undefined) return;
    for (const info of processes) {
      const peak = read(info, this.#counter);
      if (peak !== undefined) this.#peaks.set(keyOf(info), peak);
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
