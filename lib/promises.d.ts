/// <reference lib="esnext.disposable" />

/**
 * The functions of process-memory-info, doing their work on the thread pool, or on threads of their own where footprints
 * are read, so that a process that is stuck in the kernel holds up nothing else. They reject with what the others throw,
 * wrong arguments included.
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

/** How long to wait for an answer. */
export interface WaitOptions {
  /** Rejects with the signal's `reason` once it is aborted. */
  signal?: AbortSignal;
  /**
   * Rejects with a `DOMException` named `TimeoutError`, as `AbortSignal.timeout()` gives it, after so many milliseconds.
   * A reading that has begun goes on in the kernel: see docs/reliability.md.
   */
  timeout?: number;
}

export interface TreeWaitOptions extends TreeOptions, WaitOptions {}

/** A process held open, as the main entry's, whose questions are answered by promises. */
export interface ProcessHandle {
  readonly pid: number;
  readonly creationTime: number;
  isAlive(): Promise<boolean>;
  getMemoryInfo(): Promise<MemoryInfo>;
  getTreeMemoryInfo(options?: TreeWaitOptions): Promise<TreeMemoryInfo>;
  getMemoryCounters(): Promise<MemoryCounters>;
  getMemoryFootprint(options?: WaitOptions): Promise<MemoryFootprint>;
  /** Closes the handle. Questions that are being answered still are; any later one rejects with `ERR_INVALID_STATE`. */
  close(): void;
  [Symbol.dispose](): void;
}

/** Reads the memory of one process; this one if `pid` is left out. */
export function getMemoryInfo(pid?: number): Promise<MemoryInfo>;

/** Reads the memory of several processes: one entry a pid, in the same order. */
export function getMemoryInfoBatch(pids: Iterable<number>): Promise<BatchEntry[]>;

/** Reads the memory of a process and of everything under it. */
export function getTreeMemoryInfo(pid?: number, options?: TreeWaitOptions): Promise<TreeMemoryInfo>;

/** Reads several trees at once: one entry a root, in the same order. */
export function getTreeMemoryInfoBatch(
  pids: Iterable<number>,
  options?: TreeWaitOptions,
): Promise<TreeBatchEntry[]>;

/** Reads the memory of every process that the caller may see, in ascending order of pid. */
export function getAllMemoryInfo(options?: TreeWaitOptions): Promise<AllMemoryInfo>;

/** Reads the operating system's own counters of one process. */
export function getMemoryCounters(pid?: number): Promise<MemoryCounters>;

/**
 * Reads what one process costs, exactly. It may take long, and hold up the process; it runs on a thread of its own, of
 * which four work at a time.
 */
export function getMemoryFootprint(pid?: number, options?: WaitOptions): Promise<MemoryFootprint>;

/** Reads the tightest memory limit on a process; `null` where nothing limits it. */
export function getMemoryLimit(pid?: number): Promise<MemoryLimit | null>;

/** Reads the memory of the whole machine. */
export function getSystemMemoryInfo(): Promise<SystemMemoryInfo>;

/** Opens a process, to be asked repeatedly and without fear that its pid is used again. */
export function openProcess(pid?: number): Promise<ProcessHandle>;
