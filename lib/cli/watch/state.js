'use strict';

// The readings so far and the settings of the view.

const { sizeOf } = require('../../results');

const SIZES = 64; // readings kept for each process

/** The first and the latest sizes of a process or total. */
class History {
  sizes = [];

  constructor({ creationTime }) {
    this.creationTime = creationTime;
  }

  add(size) {
    this.first ??= size;
    this.sizes.push(size);
    if (this.sizes.length > SIZES) this.sizes.shift();
  }

  get change() {
    return this.sizes.at(-1) - this.first;
  }
}

class State {
  paused = false;
  filter = '';
  filtering = false; // while the filter is being edited
  scroll = 0;
  shown; // a reading whose processes have `change` and `sizes`
  peak; // {size, elapsed}
  isAbove = false;
  #newest;
  #total = new History({});
  #histories = new Map(); // by pid

  constructor({ sort, tree, footprint, above, exit }) {
    Object.assign(this, { sort, tree, footprint, above, exit });
  }

  take({ processes, total, unreadable }, elapsed) {
    const size = sizeOf(total);
    this.#total.add(size);
    if (this.peak === undefined || size > this.peak.size) this.peak = { size, elapsed };
    this.isAbove = size > this.above;
    this.#remember(processes);
    const described = processes.map((info) => this.#describe(info, this.#histories.get(info.pid)));
    this.#newest = {
      elapsed,
      processes: described,
      total: this.#describe(total, this.#total),
      unreadable,
      isAbove: this.isAbove,
    };
    if (!this.paused) this.shown = this.#newest;
  }

  #describe(info, { change, sizes }) {
    return { ...info, change, sizes: Array.from(sizes) };
  }

  #remember(processes) {
    const histories = new Map();
    for (const info of processes) {
      let history = this.#histories.get(info.pid);
      if (history?.creationTime !== info.creationTime) history = new History(info);
      history.add(sizeOf(info));
      histories.set(info.pid, history);
    }
    this.#histories = histories;
  }

  pause() {
    this.paused = !this.paused;
    if (!this.paused) this.shown = this.#newest;
  }
}

module.exports = { State };
