'use strict';

// A handle that stays bound to one process, even if its pid is reused.

const binding = require('./binding').load();
const {
  checkTreeOptions,
  checkWaitOptions,
  illegalConstructor,
  invalidState,
  invalidThis,
  systemError,
} = require('./errors');
const results = require('./results');

const { numbers } = binding;

// Proves that a constructor was called from this module.
const OURS = Symbol('ours');

// Node.js before 20.5 lacks this symbol.
const dispose = Symbol.dispose ?? Symbol.for('nodejs.dispose');

/** The native handle, for the binding; private to this module. */
let nativeOf;

const isObject = (value) => typeof value === 'object' && value !== null;

/** The base class of both forms of a handle. */
class BaseHandle {
  #native;

  static {
    nativeOf = (handle) => {
      BaseHandle.#check(handle);
      if (handle.#native === undefined) throw invalidState('the ProcessHandle is closed');
      return handle.#native;
    };
  }

  static #check(handle) {
    if (!isObject(handle) || !(#native in handle)) throw invalidThis('ProcessHandle');
  }

  constructor(ours, pid, answer) {
    if (ours !== OURS) throw illegalConstructor();
    const { handle, creationTime } = answer;
    this.#native = handle;
    Object.defineProperties(this, {
      pid: { value: pid, enumerable: true },
      creationTime: { value: creationTime, enumerable: true },
    });
  }

  close() {
    BaseHandle.#check(this);
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
    return results.orThrow(binding.isHandleAlive(nativeOf(this)), this.pid);
  }

  getMemoryInfo() {
    const failure = binding.readHandleMemory(nativeOf(this));
    if (failure !== undefined) throw systemError(failure, this.pid);
    return results.memoryInfo(this.pid, numbers, 0);
  }

  getTreeMemoryInfo(options = undefined) {
    const answer = binding.readHandleTree(nativeOf(this), checkTreeOptions(options));
    return results.tree(this.pid, results.orThrow(answer, this.pid));
  }

  getMemoryCounters() {
    const answer = binding.readHandleCounters(nativeOf(this));
    return results.counters(this.pid, results.orThrow(answer, this.pid));
  }

  getMemoryFootprint() {
    const answer = binding.readHandleFootprint(nativeOf(this));
    return results.footprint(this.pid, results.orThrow(answer, this.pid));
  }
}

class AsyncProcessHandle extends BaseHandle {
  async isAlive() {
    return results.orThrow(await binding.isHandleAliveAsync(nativeOf(this)), this.pid);
  }

  async getMemoryInfo() {
    const answer = await binding.readHandleMemoryAsync(nativeOf(this));
    return results.memoryInfo(this.pid, results.orThrow(answer, this.pid), 0);
  }

  async getTreeMemoryInfo(options = undefined) {
    const native = nativeOf(this);
    const ask = checkTreeOptions(options)
      ? () => binding.readHandleTreeDetached(native, true)
      : () => ({ promise: binding.readHandleTreeAsync(native, false) });
    const answer = await results.answerOf(ask, checkWaitOptions(options));
    return results.tree(this.pid, results.orThrow(answer, this.pid));
  }

  async getMemoryCounters() {
    const answer = await binding.readHandleCountersAsync(nativeOf(this));
    return results.counters(this.pid, results.orThrow(answer, this.pid));
  }

  async getMemoryFootprint(options = undefined) {
    const native = nativeOf(this);
    const ask = () => binding.readHandleFootprintDetached(native);
    const answer = await results.answerOf(ask, checkWaitOptions(options));
    return results.footprint(this.pid, results.orThrow(answer, this.pid));
  }
}

// The binding's result for a handle; throws if it failed.
const processHandle = (pid, answer) => new ProcessHandle(OURS, pid, results.orThrow(answer, pid));
const asyncProcessHandle = (pid, answer) =>
  new AsyncProcessHandle(OURS, pid, results.orThrow(answer, pid));

module.exports = { asyncProcessHandle, processHandle };
