'use strict';

// The peak between samples, counted by a control group on Linux and a job on Windows. Other systems do not count it.

const { Group } = require('./cgroup');
const { Job } = require('./job');

/** Counts nothing; `why` is the reason. */
class Nothing {
  entrance;

  constructor(why) {
    this.why = why;
  }

  follow() {}

  peak() {
    return undefined;
  }

  async remove() {}
}

/** For --exact auto, require or off. Throws if it is required but not available. */
function exactPeak(mode) {
  if (mode === 'off') return new Nothing('--exact off');
  if (process.platform === 'win32') return new Job(mode === 'require');
  try {
    if (process.platform === 'darwin')
      throw new Error('macOS counts the peak of each process, not of several together');
    if (process.platform !== 'linux') throw new Error(`${process.platform} has no control groups`);
    return new Group();
  } catch (error) {
    if (mode === 'require') throw error;
    return new Nothing(error.message);
  }
}

module.exports = { exactPeak };
