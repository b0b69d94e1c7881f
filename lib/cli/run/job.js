'use strict';

// A job of Windows, which counts the largest sum of memory that the command and all that it starts had committed. The
// command is put into it right after its start.

const binding = require('../../binding');

const failureOf = ({ code, syscall }) => new Error(`${code}, ${syscall}`);

class Job {
  entrance;
  why = 'the command was not started';
  #isRequired;
  #job;

  constructor(isRequired) {
    this.#isRequired = isRequired;
  }

  /** Throws if it is required and cannot count. */
  follow(pid) {
    const job = binding.openJob(pid);
    if (job.code === undefined) {
      this.#job = job;
      return;
    }
    const error = failureOf(job);
    if (this.#isRequired) throw error;
    this.why = error.message;
  }

  peak() {
    if (this.#job === undefined) return undefined;
    const peak = binding.readJobPeak(this.#job);
    if (typeof peak === 'number' && peak > 0)
      return { by: 'job', source: 'PeakJobMemoryUsed', peak };
    this.why = peak === 0 ? 'the system counts none in jobs' : failureOf(peak).message;
    return undefined;
  }

  async remove() {}
}

module.exports = { Job };
