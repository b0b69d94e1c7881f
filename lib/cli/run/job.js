'use strict';

// A Windows job, which records the peak of committed memory of the command and all its descendants. The command is
// assigned to it right after its start.

const binding = require('../../binding').load();

const failureOf = ({ code, syscall }) => new Error(`${code}, ${syscall}`);

class Job {
  entrance;
  why = 'the command was not started';
  #isRequired;
  #job;

  constructor(isRequired) {
    this.#isRequired = isRequired;
  }

  /** Throws if counting is required but not available. */
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
    this.why = peak === 0 ? 'the system does not count memory in jobs' : failureOf(peak).message;
    return undefined;
  }

  async remove() {}
}

module.exports = { Job };
