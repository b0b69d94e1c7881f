/**
 * The functions of process-memory-info, doing their work on the thread pool. They reject with what the others throw,
 * wrong arguments included.
 */

import type { BatchEntry, MemoryInfo, TreeMemoryInfo } from '../index.js';

/** Reads the memory of one process; this one if `pid` is left out. */
export function getMemoryInfo(pid?: number): Promise<MemoryInfo>;

/** Reads the memory of several processes: one entry a pid, in the same order. */
export function getMemoryInfoBatch(pids: Iterable<number>): Promise<BatchEntry[]>;

/** Reads the memory of a process and of everything under it. */
export function getTreeMemoryInfo(pid?: number): Promise<TreeMemoryInfo>;
