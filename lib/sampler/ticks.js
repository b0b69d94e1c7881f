'use strict';

// Ticks at begin + n × interval, by the monotonic clock. A tick is skipped if it passes while the event loop is blocked
// or the previous tick is still being processed.

const { performance } = require('node:perf_hooks');

const { LONGEST_TIMER } = require('./options');

// Timers count whole milliseconds from the event loop's cached time, so they may fire early.
const EARLY_MS = 1;

class Ticks {
  #begin = performance.now();
  #interval;
  #end;
  #timer;
  #ref = false;

  /** @param end Milliseconds after the beginning at which ticks end. */
  constructor(interval, end) {
    this.#interval = interval;
    this.#end = end;
  }

  /** Milliseconds since the beginning. */
  get elapsed() {
    return performance.now() - this.#begin;
  }

  /** Calls `tick({tick, elapsed, late})` at the next tick, or `end()` if there is none before the end. */
  wait(tick, end) {
    const next = Math.floor(this.elapsed / this.#interval) + 1;
    const due = next * this.#interval;
    if (due > this.#end) this.#sleepUntil(this.#end, end);
    else this.#sleepUntil(due, () => this.#fire(next, tick, end));
  }

  /** Runs the tick `next`, or a later one if it was missed. */
  #fire(next, tick, end) {
    const { elapsed } = this;
    const n = Math.max(next, Math.floor(elapsed / this.#interval));
    const due = n * this.#interval;
    if (due > this.#end) end();
    else tick({ tick: n, elapsed, late: Math.max(0, elapsed - due) });
  }

  #sleepUntil(due, wake) {
    const left = Math.min(due - this.elapsed, LONGEST_TIMER);
    this.#timer = setTimeout(() => {
      if (due - this.elapsed > EARLY_MS) this.#sleepUntil(due, wake);
      else wake();
    }, Math.ceil(left));
    if (!this.#ref) this.#timer.unref();
  }

  /** Sets whether the timer keeps the program alive. */
  keepAlive(ref) {
    this.#ref = ref;
    if (ref) this.#timer?.ref();
    else this.#timer?.unref();
  }

  stop() {
    clearTimeout(this.#timer);
  }
}

module.exports = { Ticks };
