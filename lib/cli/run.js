'use strict';

// memory-info run: starts a command, samples its memory and prints a summary on standard error. The command inherits
// standard input, output and error. It waits until all modules below are loaded, so those that only the end needs are
// required there.

const { performance } = require('node:perf_hooks');

const { version } = require('../../package.json');
const { getTreeMemoryInfo } = require('../index');
const { sizeOf } = require('../results');
const { sample } = require('../sampler/sample');
const { endLike } = require('./end-like');
const { complain, guardOutput, writeError } = require('./output');
const { Command } = require('./run/command');
const { exactPeak } = require('./run/exact');
const { killTree } = require('./run/kill');
const { USAGE, runOptions } = require('./run/options');
const { Outputs } = require('./run/outputs');
const { PrivatePeaks } = require('./run/private-peaks');
const { Tally, isOther } = require('./run/tally');

const OVER_LIMIT = 124;
const FAILED = 125;
const SCHEMA = 1;
const SPARKLINE = 60;

class Run {
  #options;
  #outputs;
  #exact;
  #tally;
  #privatePeaks = new PrivatePeaks();
  #command;
  #sampler;
  #begin; // when the command started, by the monotonic clock
  #ended; // how and when the command ended
  #stopKilling = () => {};
  #overLimit = false;
  #failed = false;

  constructor(options) {
    this.#options = options;
    this.#outputs = new Outputs(options.outputs, (error) => this.#fail(error));
    this.#exact = exactPeak(options.exact);
    this.#tally = new Tally(options.interval);
  }

  /** Reports a failure; the command continues. */
  #fail(error) {
    this.#failed = true;
    complain(error.message);
  }

  /** The exit code. */
  async run() {
    this.#begin = performance.now();
    try {
      this.#command = await Command.start(this.#options.command, this.#exact);
    } catch (error) {
      await this.#exact.remove();
      throw error;
    }
    const exit = this.#watch();
    this.#outputs.write({
      type: 'start',
      schema: SCHEMA,
      version,
      platform: process.platform,
      time: Date.now(),
      command: this.#options.command,
      pid: this.#command.pid,
      interval: this.#options.interval,
      ...(this.#options.limit !== undefined && { limit: this.#options.limit }),
    });
    await this.#sample();
    await exit;
    await this.#finish();
    return this.#exitStatus();
  }

  #watch() {
    const command = this.#command;
    command.on('reaped', (ended) => this.#tally.reap(ended));
    return new Promise((resolve) => {
      command.once('exit', (ended) => {
        this.#ended = { ...ended, elapsed: performance.now() - this.#begin };
        this.#sampler.stop().then(resolve, resolve);
      });
    });
  }

  async #sample() {
    const { interval, footprint } = this.#options;
    this.#sampler = sample(process.pid, { interval, footprint });
    try {
      for await (const taken of this.#sampler) this.#take(taken);
    } catch (error) {
      this.#fail(error);
    }
  }

  #take(taken) {
    const { sample, exits } = this.#tally.observe(taken);
    if (sample !== undefined) {
      this.#privatePeaks.observe(sample.processes);
      this.#outputs.write({ type: 'sample', ...sample });
    }
    this.#writeExits(exits, taken);
    this.#privatePeaks.forget(() => this.#sampler.summary.processes);
    if (sample !== undefined) this.#guardLimit(sizeOf(sample.total));
  }

  #writeExits(exits, { time, elapsed }) {
    for (const exit of exits)
      this.#outputs.write({ type: 'exit', time, elapsed, ...this.#privatePeaks.complete(exit) });
  }

  #guardLimit(size) {
    const { limit, kill } = this.#options;
    if (this.#overLimit || !(size > limit)) return;
    this.#overLimit = true;
    if (kill) this.#stopKilling = killTree();
  }

  /** The command may end while its only sample is still being taken. */
  #takeLast() {
    const { peak } = this.#sampler.summary;
    if (this.#tally.samples === 0 && peak !== undefined)
      this.#take({ ...peak, late: 0, missed: 0, exited: [] });
  }

  async #finish() {
    this.#stopKilling();
    this.#takeLast();
    const summary = this.#summary();
    try {
      await this.#exact.remove();
    } catch (error) {
      this.#fail(error);
    }
    this.#outputs.write(summary);
    this.#outputs.close();
    this.#print(summary);
  }

  #summary() {
    const { elapsed, missed, started, processes } = this.#sampler.summary;
    const { exits, unsampled, unmeasured } = this.#tally.finish(processes);
    const time = Date.now();
    this.#writeExits(exits, { time, elapsed });
    const { pid, waitedPeak, ...how } = this.#ended;
    const { samples, peak, peakFootprint } = this.#tally;
    const { limit, kill } = this.#options;
    return {
      type: 'summary',
      time,
      ...how,
      samples,
      missed,
      started: started - 1 + unsampled,
      unmeasured,
      ...(peak && { peak }),
      ...(peakFootprint && { peakFootprint }),
      ...(waitedPeak > this.#command.handedDown && { waitedPeak }),
      exact: this.#exact.peak() ?? { why: this.#exact.why },
      ...(limit !== undefined && {
        limit,
        overLimit: this.#overLimit,
        killed: kill && this.#overLimit,
      }),
      processes: processes.filter(isOther).map((record) => this.#privatePeaks.complete(record)),
      running: getTreeMemoryInfo()
        .processes.filter((info) => isOther(info) && info.alive !== false)
        .map(({ pid, name }) => ({ pid, name })),
    };
  }

  #print(summary) {
    const { quiet, outputs, githubSummary, command } = this.#options;
    const { course } = this.#tally;
    if (githubSummary !== undefined) {
      try {
        const { writeGithubSummary } = require('./run/github');
        writeGithubSummary(githubSummary, command, summary, course);
      } catch (error) {
        this.#fail(error);
      }
    }
    if (quiet || outputs.some((file) => file.endsWith('.txt'))) return;
    const points = require('node:tty').isatty(2) ? course.points(SPARKLINE) : [];
    const { summaryText } = require('./run/summary');
    writeError(summaryText(summary, points));
  }

  /** An exceeded limit takes precedence over the command's failure, and that over our own. */
  #exitStatus() {
    if (this.#overLimit) return { exitCode: OVER_LIMIT };
    if (this.#failed && this.#ended.exitCode === 0) return { exitCode: FAILED };
    return this.#ended;
  }
}

async function run(args) {
  try {
    const options = runOptions(args);
    if (options.help) {
      guardOutput();
      process.stdout.write(USAGE);
      return;
    }
    endLike(await new Run(options).run());
  } catch (error) {
    complain(error.message);
    process.exitCode = error.exitCode ?? FAILED;
  }
}

module.exports = run;
