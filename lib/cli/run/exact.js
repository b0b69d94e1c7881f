'use strict';

// The peak between samples, by whoever counts it: a control group on Linux, a job on Windows. Elsewhere nobody does.

const { Group } = require('./cgroup');
const { Job } = require('./job');

/** What counts nothing, and says why. */
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

/** For --exact auto, require or off. Throws if it is required and cannot be had. */
function exactPeak(mode) {
  if (mode === 'off') return new Nothing('--exact off');
  if (process.platform === 'win32') return new Job(mode === 'require');
  try {
    if (process.platform !== 'linux') throw new Error(`${process.platform} has no control groups`);
    return new Group();
  } catch (error) {
    if (mode === 'require') throw error;
    return new Nothing(error.message);
  }
}

module.exports = { exactPeak };
