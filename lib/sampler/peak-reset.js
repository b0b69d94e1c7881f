'use strict';

// Peaks between two samples. Linux resets a process's VmHWM to its current VmRSS when its user or root writes "5" to
// /proc/PID/clear_refs; see proc(5). This affects all readers of VmHWM.

const fs = require('node:fs');

const { systemError } = require('../errors');

const fileOf = (pid) => `/proc/${pid}/clear_refs`;
const failure = (code, pid) => systemError({ code, syscall: 'open', path: fileOf(pid) }, pid);

class PeakReset {
  #refused = new Map(); // pid to creation time of processes whose peak could not be reset

  /** Throws if the system does not support it. */
  constructor() {
    if (process.platform !== 'linux') throw failure('ENOSYS', process.pid);
  }

  /** Resets the peaks of all processes, after removing the peaks that could not be reset the last time. */
  async apply(trees) {
    const refused = new Map();
    for (const { pid, processes } of trees) {
      for (const info of processes) {
        if (this.#refused.get(info.pid) === info.creationTime) delete info.peakWorkingSetSize;
        const code = await this.#reset(info.pid);
        if (code === undefined || code === 'ENOENT' || code === 'ESRCH') continue;
        if (info.pid === pid) throw failure(code, pid);
        refused.set(info.pid, info.creationTime);
      }
    }
    this.#refused = refused;
  }

  async #reset(pid) {
    try {
      await fs.promises.writeFile(fileOf(pid), '5');
      return undefined;
    } catch (error) {
      return error.code;
    }
  }
}

module.exports = { PeakReset };
