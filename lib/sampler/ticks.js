'use strict';

// Moments at begin + n × interval. The clock is the monotonic one, which nobody sets; a moment that has passed while the
// event loop was held up, or while its predecessor was still being worked on, is skipped rather than made up for.

const { performance } = require('node:perf_hooks');

const { LONGEST_TIMER } = require('./options');

// A timer counts from when its event loop last looked at the clock, in whole milliseconds, and so may be early.
const EARLY_MS = 1;

class Ticks {
  #begin = performance.now();
  #interval;
  #end;
  #timer;
  #ref = false;

  /** @param end Milliseconds after the beginning at which there are no more ticks. */
  constructor(interval, end) {
    this.#interval = interval;
    this.#end = end;
  }

  /** Milliseconds since the beginning. */
  get elapsed() {
    return performance.now() - this.#begin;
  }

  /** Calls `tick({tick, elapsed, late})` at the next moment, or `end()` if there is none before the end. */
  wait(tick, end) {
    const next = Math.floor(this.elapsed / this.#interval) + 1;
    const due = next * this.#interval;
    if (due > this.#end) this.#sleepUntil(this.#end, end);
    else this.#sleepUntil(due, () => this.#fire(next, tick, end));
  }

  /** It is the moment `next`, or a later one. */
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

  /** Whether waiting keeps the program alive. */
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
