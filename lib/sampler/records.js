'use strict';

// Records of each process: when it was first and last seen, and its largest values. A process is identified by its pid
// and creation time. The peak is kept here, too, because exec() resets the kernel's.

/** The number of exited processes to keep, the largest; running processes are all kept. */
const MOST_EXITED = 1000;

/** The larger value; the first may be unknown. */
const larger = (value, other) => (value >= other ? value : other);

const sizeOf = (record) => record.peakWorkingSetSize ?? record.maxWorkingSetSize;
const bySize = (a, b) => sizeOf(b) - sizeOf(a);

class Records {
  #running = new Map(); // by pid: { record, root, seen, over }
  #exited = []; // records of exited processes
  #count = { started: 0, exited: 0 };
  #reading = 0;
  #changes; // changes since they were last taken; undefined without a consumer

  /** Records a reading. The processes of a root that could not be read are assumed to be still running. */
  observe({ trees, failures }, elapsed) {
    this.#reading++;
    for (const tree of trees) {
      for (const info of tree.processes) this.#see(info, tree.pid, elapsed);
      for (const { pid } of tree.unreadable) this.#keep(this.#running.get(pid));
    }
    const unknown = new Set(failures.map(({ pid }) => pid));
    for (const [pid, entry] of this.#running) {
      if (entry.seen === this.#reading || unknown.has(entry.root)) continue;
      this.#exit(entry);
      this.#running.delete(pid);
    }
  }

  #keep(entry) {
    if (entry !== undefined) entry.seen = this.#reading;
  }

  #see(info, root, elapsed) {
    let entry = this.#running.get(info.pid);
    if (entry !== undefined && entry.record.creationTime !== info.creationTime) {
      this.#exit(entry);
      entry = undefined;
    }
    if (entry === undefined) entry = this.#start(info, root, elapsed);
    this.#keep(entry);
    const { record } = entry;
    if (info.alive === false) this.#exit(entry);
    else record.lastSeen = elapsed;
    record.ppid = info.ppid;
    record.name = info.name;
    record.maxWorkingSetSize = larger(record.maxWorkingSetSize, info.workingSetSize);
    if (info.privateBytes !== undefined)
      record.maxPrivateBytes = larger(record.maxPrivateBytes, info.privateBytes);
    if (info.peakWorkingSetSize !== undefined)
      record.peakWorkingSetSize = larger(record.peakWorkingSetSize, info.peakWorkingSetSize);
  }

  #start({ pid, creationTime, ppid, name, workingSetSize }, root, elapsed) {
    const record = {
      pid,
      creationTime,
      ppid,
      name,
      firstSeen: elapsed,
      lastSeen: elapsed,
      exited: false,
      maxWorkingSetSize: workingSetSize,
    };
    const entry = { record, root, seen: 0 };
    this.#running.set(pid, entry);
    this.#count.started++;
    this.#changes?.started.push(record);
    return entry;
  }

  /** Records an exit once, because a zombie stays in the tree for a while. */
  #exit({ record }) {
    if (record.exited) return;
    record.exited = true;
    this.#count.exited++;
    this.#changes?.exited.push(record);
    this.#exited.push(record);
    if (this.#exited.length >= 2 * MOST_EXITED) this.#exited = this.#largestExited();
  }

  #largestExited() {
    return this.#exited.toSorted(bySize).slice(0, MOST_EXITED);
  }

  /** Starts collecting changes for a consumer; processes that are already running count as started. */
  follow() {
    if (this.#changes !== undefined) return;
    const running = [...this.#running.values()].map(({ record }) => record);
    this.#changes = { started: running.filter(({ exited }) => !exited), exited: [] };
  }

  /** The processes that started and exited since the last call. */
  take() {
    const { started, exited } = this.#changes;
    this.#changes = { started: [], exited: [] };
    const copy = (record) => ({ ...record });
    return { started: started.map(copy), exited: exited.map(copy) };
  }

  /** The counts, and the records in descending order of size. */
  summary() {
    const running = [...this.#running.values()].map(({ record }) => record);
    const all = running.filter(({ exited }) => !exited).concat(this.#largestExited());
    return { ...this.#count, processes: all.sort(bySize).map((record) => ({ ...record })) };
  }
}

module.exports = { Records };
