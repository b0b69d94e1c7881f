'use strict';

// A process held open: one identity, whatever becomes of its pid.

const binding = require('./binding');
const { invalidState, illegalConstructor, systemError } = require('./errors');
const shape = require('./shape');

const { numbers } = binding;

// Shows that a constructor was called from here: nobody else has a native handle to give.
const OURS = Symbol('ours');

// Node.js before 20.5 has no such symbol.
const dispose = Symbol.dispose ?? Symbol.for('nodejs.dispose');

/** What both forms of a handle have. */
class BaseHandle {
  #native;

  constructor(ours, pid, answer) {
    if (ours !== OURS) throw illegalConstructor();
    const { handle, creationTime } = answer;
    this.#native = handle;
    Object.defineProperties(this, {
      pid: { value: pid, enumerable: true },
      creationTime: { value: creationTime, enumerable: true },
    });
  }

  /** The native handle, for the binding. */
  native(ours) {
    if (ours !== OURS || this.#native === undefined)
      throw invalidState('the ProcessHandle is closed');
    return this.#native;
  }

  close() {
    if (this.#native === undefined) return;
    binding.closeHandle(this.#native);
    this.#native = undefined;
  }

  [dispose]() {
    this.close();
  }
}

class ProcessHandle extends BaseHandle {
  isAlive() {
    return shape.orThrow(binding.isHandleAlive(this.native(OURS)), this.pid);
  }

  getMemoryInfo() {
    const failure = binding.readHandleMemory(this.native(OURS));
    if (failure !== undefined) throw systemError(failure, this.pid);
    return shape.memoryInfo(this.pid, numbers, 0);
  }

  getMemoryCounters() {
    const answer = binding.readHandleCounters(this.native(OURS));
    return shape.counters(this.pid, shape.orThrow(answer, this.pid));
  }

  getMemoryFootprint() {
    const answer = binding.readHandleFootprint(this.native(OURS));
    return shape.footprint(this.pid, shape.orThrow(answer, this.pid));
  }
}

class AsyncProcessHandle extends BaseHandle {
  async isAlive() {
    return shape.orThrow(await binding.isHandleAliveAsync(this.native(OURS)), this.pid);
  }

  async getMemoryInfo() {
    const answer = await binding.readHandleMemoryAsync(this.native(OURS));
    return shape.memoryInfo(this.pid, shape.orThrow(answer, this.pid), 0);
  }

  async getMemoryCounters() {
    const answer = await binding.readHandleCountersAsync(this.native(OURS));
    return shape.counters(this.pid, shape.orThrow(answer, this.pid));
  }

  async getMemoryFootprint() {
    const answer = await binding.readHandleFootprintAsync(this.native(OURS));
    return shape.footprint(this.pid, shape.orThrow(answer, this.pid));
  }
}

// What the binding answered, or its failure, to a handle.
const processHandle = (pid, answer) => new ProcessHandle(OURS, pid, shape.orThrow(answer, pid));
const asyncProcessHandle = (pid, answer) =>
  new AsyncProcessHandle(OURS, pid, shape.orThrow(answer, pid));

module.exports = { asyncProcessHandle, processHandle };
