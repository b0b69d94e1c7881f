'use strict';

// Samples process trees. A reading begins at each tick, unless the previous one is still in progress; the iterator
// returns the newest sample.

const { Peaks } = require('./peaks');
const { Reader } = require('./reading');
const { Records } = require('./records');
const { Ticks } = require('./ticks');

// Node.js before 20.5 lacks this symbol.
const asyncDispose = Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose');

const NOTHING = { trees: [], failures: [] };
const DONE = { done: true, value: undefined };

class Sampler {
  #ticks;
  #reader;
  #records = new Records();
  #peaks = new Peaks();
  #ref;
  #release; // removes the listeners
  #reading; // a promise while a reading is in progress
  #tick = -1; // the last tick that was read
  #taken = -1; // the last tick that the consumer received
  #count = { samples: 0, missed: 0 };
  #newest; // a sample that the consumer has not received yet
  #waiting = []; // pending calls of next()
  #unthrown = []; // an error that the consumer has not received yet
  #end; // why and when it ended

  constructor(target, options) {
    this.#reader = new Reader(target, options);
    this.#ref = options.ref;
    this.#ticks = new Ticks(options.interval, options.duration);
    this.#release = this.#listen(target.child, options.signal);
    if (options.signal?.aborted) this.#abort(options.signal);
    else this.#read({ tick: 0, elapsed: 0, late: 0 });
  }

  #listen(child, signal) {
    const onAbort = () => this.#abort(signal);
    const onExit = () => this.#finish('exit');
    signal?.addEventListener('abort', onAbort);
    child?.once('exit', onExit);
    return () => {
      signal?.removeEventListener('abort', onAbort);
      child?.removeListener('exit', onExit);
    };
  }

  #read(moment) {
    this.#reading = this.#take(moment).then(() => {
      this.#reading = undefined;
      if (this.#end === undefined) this.#wait();
    });
  }

  #wait() {
    this.#ticks.wait(
      (moment) => this.#read(moment),
      () => this.#finish('duration'),
    );
  }

  async #take(moment) {
    const sample = { ...moment, time: Date.now() };
    try {
      Object.assign(sample, this.#reader.done ? NOTHING : await this.#reader.read());
    } catch (error) {
      this.#fail('error', error);
      return;
    }
    if (this.#end?.why === 'exit') return;
    if (sample.trees.length === 0) this.#finish('exit');
    else this.#note(sample);
  }

  /** A sample is still added to the summary if the sampler is stopped or aborted meanwhile. */
  #note(sample) {
    this.#count.samples++;
    this.#count.missed += sample.tick - this.#tick - 1;
    this.#tick = sample.tick;
    this.#records.observe(sample, sample.elapsed);
    this.#peaks.observe(sample);
    if (this.#end !== undefined) return;
    this.#newest = sample;
    if (this.#waiting.length === 0) return;
    this.#waiting.shift().resolve(this.#give());
    this.#hold();
  }

  /** The newest sample for the consumer, with all changes since the previous one. */
  #give() {
    const { tick, time, elapsed, late, trees, total, failures } = this.#newest;
    this.#newest = undefined;
    const missed = tick - this.#taken - 1;
    this.#taken = tick;
    const { started, exited } = this.#records.take();
    return {
      done: false,
      value: { time, elapsed, late, missed, trees, total, started, exited, failures },
    };
  }

  /** The program stays alive while a call of next() is pending. */
  #hold() {
    this.#ticks.keepAlive(this.#ref && this.#waiting.length > 0);
  }

  #abort(signal) {
    this.#fail('abort', signal.reason);
  }

  /** Throws the error to the consumer, once. */
  #fail(why, error) {
    if (this.#end !== undefined) return;
    const first = this.#waiting.shift();
    this.#finish(why);
    this.#end.error = error;
    this.#newest = undefined;
    if (first === undefined) this.#unthrown.push(error);
    else first.reject(error);
  }

  #finish(why) {
    if (this.#end !== undefined) return;
    this.#end = { why, elapsed: this.#ticks.elapsed };
    this.#ticks.stop();
    this.#release();
    if (why === 'exit') this.#records.observe(NOTHING, this.#end.elapsed);
    for (const { resolve } of this.#waiting.splice(0)) resolve(DONE);
  }

  /** Resolves once no reading is in progress. */
  async #stop() {
    this.#finish('stop');
    this.#newest = undefined;
    await this.#reading;
  }

  #next() {
    if (this.#unthrown.length > 0) return Promise.reject(this.#unthrown.pop());
    if (this.#newest !== undefined) return Promise.resolve(this.#give());
    if (this.#end !== undefined) return Promise.resolve(DONE);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#hold();
    });
  }

  /** Iterators of one sampler share its samples. */
  [Symbol.asyncIterator]() {
    this.#records.follow();
    return {
      next: () => this.#next(),
      return: async (value) => {
        await this.#stop();
        this.#unthrown = [];
        return { done: true, value };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  async stop() {
    await this.#stop();
    if (this.#end.why === 'error') throw this.#end.error;
    return this.summary;
  }

  async [asyncDispose]() {
    await this.#stop();
  }

  get summary() {
    const { processes, started, exited } = this.#records.summary();
    return {
      ...(this.#end && { ended: this.#end.why }),
      elapsed: this.#end?.elapsed ?? this.#ticks.elapsed,
      ...this.#count,
      started,
      exited,
      ...this.#peaks.summary(),
      ...(processes.length > 0 && { largest: processes[0] }),
      processes,
    };
  }
}

module.exports = { Sampler };
