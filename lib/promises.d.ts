/// <reference lib="esnext.disposable" />

/**
 * The functions of process-memory-info, off the JavaScript thread. They use the thread pool, and separate threads where
 * they read footprints, so that a process that is stuck in the kernel delays nothing else. Each promise rejects with
 * the error that the synchronous form throws, also for invalid arguments.
 */

import type {
  AllMemoryInfo,
  BatchEntry,
  MemoryCounters,
  MemoryFootprint,
  MemoryInfo,
  MemoryLimit,
  SystemMemoryInfo,
  TreeBatchEntry,
  TreeMemoryInfo,
  TreeOptions,
} from '../index.js';

/** Options that abandon a call. */
export interface WaitOptions {
  /** Rejects with the `reason` of the signal when it is aborted. */
  signal?: AbortSignal;
  /**
   * Rejects after this many milliseconds with a `DOMException` named `TimeoutError`, like that of
   * `AbortSignal.timeout()`. A reading that has begun continues in the kernel: see docs/reliability.md.
   */
  timeout?: number;
}

/** Options for reading a tree. */
export interface TreeWaitOptions extends TreeOptions, WaitOptions {}

/** A handle that stays bound to one process, as that of the main entry, with methods that return promises. */
export interface ProcessHandle {
  /** Process id. */
  readonly pid: number;
  /** When the process was created, in milliseconds since the Unix epoch. */
  readonly creationTime: number;
  /** Returns whether the process is running. False for a zombie, and once the process has exited. */
  isAlive(): Promise<boolean>;
  /** As {@link getMemoryInfo}. */
  getMemoryInfo(): Promise<MemoryInfo>;
  /** As {@link getTreeMemoryInfo}. */
  getTreeMemoryInfo(options?: TreeWaitOptions): Promise<TreeMemoryInfo>;
  /** As {@link getMemoryCounters}. */
  getMemoryCounters(): Promise<MemoryCounters>;
  /** As {@link getMemoryFootprint}. */
  getMemoryFootprint(options?: WaitOptions): Promise<MemoryFootprint>;
  /** Closes the handle. Pending calls complete; later ones reject with `ERR_INVALID_STATE`. */
  close(): void;
  /** Closes the handle at the end of a `using` block. */
  [Symbol.dispose](): void;
}

/** Reads the memory of one process; the calling process by default. */
export function getMemoryInfo(pid?: number): Promise<MemoryInfo>;

/** Reads the memory of several processes. The result has one entry for each pid, in the same order. */
export function getMemoryInfoBatch(pids: Iterable<number>): Promise<BatchEntry[]>;

/** Reads the memory of a process and its descendants; of the calling process by default. */
export function getTreeMemoryInfo(pid?: number, options?: TreeWaitOptions): Promise<TreeMemoryInfo>;

/** Reads several trees in one call. The result has one entry for each root, in the same order. */
export function getTreeMemoryInfoBatch(
  pids: Iterable<number>,
  options?: TreeWaitOptions,
): Promise<TreeBatchEntry[]>;

/** Reads the memory of every process that the caller may see, in ascending order of pid. */
export function getAllMemoryInfo(options?: TreeWaitOptions): Promise<AllMemoryInfo>;

/** Reads all memory counters that the operating system keeps for one process; the calling process by default. */
export function getMemoryCounters(pid?: number): Promise<MemoryCounters>;

/**
 * Reads the exact memory cost of one process; the calling process by default. It may take long and delays the process.
 * It runs on a separate thread; four of these work at a time.
 */
export function getMemoryFootprint(pid?: number, options?: WaitOptions): Promise<MemoryFootprint>;

/**
 * Reads the tightest memory limit of a process; the calling process by default. `null` if every limit that the caller
 * can see was read and none is set.
 */
export function getMemoryLimit(pid?: number): Promise<MemoryLimit | null>;

/** Reads the memory of the machine. */
export function getSystemMemoryInfo(): Promise<SystemMemoryInfo>;

/** Opens a handle that stays bound to one process, even if its pid is reused; the calling process by default. */
export function openProcess(pid?: number): Promise<ProcessHandle>;
