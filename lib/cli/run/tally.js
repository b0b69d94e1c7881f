'use strict';

// Keeps track of the command's memory: its samples, without this program's own memory, and its peak. Our own tree is
// sampled, because an orphaned descendant of the command becomes our child.

const { sizeOf, totalOf } = require('../../results');
const { Course } = require('./course');

const isOther = ({ pid }) => pid !== process.pid;

/** Whether it was measured before it exited; a zombie no longer has memory. */
const wasMeasured = ({ maxWorkingSetSize }) => maxWorkingSetSize > 0;

function footprintsOf(processes) {
  return processes.filter((info) => info.footprint !== undefined).map((info) => info.footprint);
}

class Tally {
  samples = 0;
  peak;
  peakFootprint;
  course;
  #alive = new Map(); // by pid: whether it was alive in the last sample
  #zombies = new Map(); // records of children that have not been waited for yet
  #reaped = new Map(); // processes that have exited since, and how
  #unsampled = 0; // in no sample
  #lifeless = 0; // sampled only as zombies

  constructor(interval) {
    this.course = new Course(interval);
  }

  /** Records a child that has exited. */
  reap({ pid, ...ended }) {
    this.#reaped.set(pid, { ended, alive: this.#alive.get(pid) });
  }

  /** Processes a sample of our tree into {sample, exits} records; no sample if no other process was alive. */
  observe({ time, elapsed, late, missed, trees, exited }) {
    const [{ processes: all, unreadable }] = trees;
    const processes = all.filter(isOther);
    this.#alive = new Map(processes.map(({ pid, alive }) => [pid, alive !== false]));
    const exits = exited.filter(isOther).flatMap((record) => this.#leave(record));
    exits.push(...this.#settle());
    if (!processes.some(({ workingSetSize }) => workingSetSize > 0)) return { exits };
    const total = totalOf(processes, footprintsOf(processes));
    const sample = { time, elapsed, late, missed, total, processes, unreadable };
    this.#measure(sample);
    return { sample, exits };
  }

  /** The exit of a sampled process. For our own child it is delayed until its exit code or signal is known. */
  #leave({ exited: _, ...record }) {
    const { pid } = record;
    if (!wasMeasured(record)) this.#lifeless++;
    const entry = this.#reaped.get(pid);
    if (entry === undefined && record.ppid === process.pid) {
      this.#zombies.set(pid, record);
      return [];
    }
    this.#reaped.delete(pid);
    return [{ ...record, ...entry?.ended }];
  }

  #measure({ time, elapsed, total, processes }) {
    const peak = { time, elapsed, total, processes };
    this.samples++;
    this.course.add(elapsed, sizeOf(total));
    if (this.peak === undefined || sizeOf(total) > sizeOf(this.peak.total)) this.peak = peak;
    const footprint = total.footprint?.footprint;
    if (footprint > (this.peakFootprint?.total.footprint.footprint ?? -1))
      this.peakFootprint = peak;
  }

  /** Exits of processes that are in no sample; a reading may have begun before. */
  #settle() {
    const exits = [];
    for (const [pid, { ended, alive }] of this.#reaped) {
      if (this.#alive.has(pid)) continue;
      this.#reaped.delete(pid);
      const record = this.#zombies.get(pid);
      this.#zombies.delete(pid);
      if (record === undefined && alive !== undefined) continue; // its exit has already been recorded
      if (record === undefined) this.#unsampled++;
      exits.push({ ...record, pid, ...ended });
    }
    return exits;
  }

  /**
   * The exits after the last sample, and the number of processes that were never sampled or never measured. `records`
   * are those of the sampler.
   */
  finish(records) {
    const exits = [];
    const last = new Map(records.map(({ exited: _, ...record }) => [record.pid, record]));
    for (const [pid, { ended, alive }] of this.#reaped) {
      const record = last.get(pid);
      const isRecorded = alive === false && !this.#zombies.has(pid);
      if (isRecorded) continue;
      if (record === undefined) this.#unsampled++;
      else if (!this.#zombies.has(pid) && !wasMeasured(record)) this.#lifeless++;
      exits.push({ ...record, pid, ...ended });
    }
    return { exits, unsampled: this.#unsampled, unmeasured: this.#unsampled + this.#lifeless };
  }
}

module.exports = { Tally, isOther, wasMeasured };
