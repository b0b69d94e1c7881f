/**
 * How much memory a process, and everything under it, uses.
 *
 * Every size is an integer in kilobytes of 1024 bytes (KiB), rounded down. A value that the operating system does not
 * tell is left out: it is never a 0. Zero means zero, as for a zombie or a kernel thread, which have no memory.
 */

/** The memory of one process. */
export interface MemoryInfo {
  /** Process id. */
  pid: number;

  /**
   * Physical memory that the process occupies now, in KiB, pages that it shares with others included.
   *
   * - Linux: `VmRSS` of `/proc/PID/status`
   * - macOS: `resident_size`
   * - Windows: `WorkingSetSize` of `GetProcessMemoryInfo`
   */
  workingSetSize: number;

  /**
   * The largest working set that the process ever had, in KiB.
   *
   * - Linux: `VmHWM` of `/proc/PID/status`
   * - macOS: `resident_size_max`
   * - Windows: `PeakWorkingSetSize`
   */
  peakWorkingSetSize?: number;

  /**
   * Memory that belongs to this process alone, in KiB.
   *
   * - Linux: `RssAnon` of `/proc/PID/status`, the anonymous pages in physical memory; before Linux 4.5, `statm`'s
   *   resident less shared
   * - macOS: `internal` of `TASK_VM_INFO`
   * - Windows: `PrivateUsage`: private *committed* memory, in physical memory or not
   */
  privateBytes?: number;

  /**
   * The part of the working set that is backed by files or by shared memory, in KiB: other processes could have the
   * same pages, whether or not one does now.
   *
   * - Linux: `RssFile` + `RssShmem` of `/proc/PID/status`; before Linux 4.5, `statm`'s shared
   * - macOS: `external` of `TASK_VM_INFO`
   * - Windows: `WorkingSetSize` less the private working set
   */
  sharedBytes?: number;
}

/** A process as part of a tree. */
export interface ProcessMemoryInfo extends MemoryInfo {
  /** Process id of the parent. */
  ppid: number;

  /**
   * Name of the program. On Linux what the kernel calls `comm`: at most 15 bytes, and a process may choose it. Bytes
   * that are no UTF-8 become U+FFFD.
   */
  name: string;

  /**
   * When the process was created, in milliseconds since the Unix epoch. Pids are used again; pid and creationTime
   * together are not.
   *
   * - Linux: boot time in whole seconds (`btime` of `/proc/stat`) plus `starttime` of `/proc/PID/stat`, as `ps` has
   *   it: up to a second early, but always the same for the same process unless the clock is set
   */
  creationTime: number;
}

/** Sums over a tree. */
export interface TreeMemoryTotal {
  /** How many processes were added up. */
  processes: number;

  /** Sum of `workingSetSize`, in KiB. A page that several processes share is counted once for each of them. */
  workingSetSize: number;

  /**
   * Sum of `privateBytes`, in KiB. Shared pages are not counted at all, so this is a floor. Left out if one process's
   * is not known.
   */
  privateBytes?: number;
}

/** A process that was seen in the tree, but which the system refused to tell about. */
export interface UnreadableProcess {
  pid: number;
  code: SystemErrorCode;
  /** The system call that was refused. */
  syscall: string;
}

/** A process and everything under it. */
export interface TreeMemoryInfo {
  /** Process id of the root. */
  pid: number;
  /** The root first, each parent before its children, siblings by age. */
  processes: ProcessMemoryInfo[];
  total: TreeMemoryTotal;
  /** Processes that are not in `processes` nor in `total`. What is below them may be missing, too. */
  unreadable: UnreadableProcess[];
}

/** `code` of a {@link SystemError}. */
export type SystemErrorCode =
  /** No such process: it never existed, has exited, or is hidden. */
  | 'ESRCH'
  /** The system refused. */
  | 'EPERM'
  /** The system refused, by file permission. */
  | 'EACCES'
  /** This process has no file descriptor left. */
  | 'EMFILE'
  /** The whole system has no file descriptor left. */
  | 'ENFILE'
  | 'ENOMEM'
  /** Not available on this operating system. */
  | 'ENOSYS'
  /** The system failed in another way, or its answer could not be understood. */
  | 'EIO';

/** What is thrown when the operating system does not answer. */
export interface SystemError extends Error {
  code: SystemErrorCode;
  /** libuv's number for `code`, such as -3 for `ESRCH` on Linux. */
  errno: number;
  /** The system call that failed. */
  syscall: string;
  /** The file that the call was about, if it was one. */
  path?: string;
  /** The process that was asked for. */
  pid: number;
}

/** One pid's part of a batch, in the form of `Promise.allSettled()`. */
export type BatchEntry =
  | { status: 'fulfilled'; value: MemoryInfo }
  | { status: 'rejected'; reason: SystemError | TypeError | RangeError };

/**
 * Reads the memory of one process.
 *
 * @param pid The process; this one if left out.
 * @throws {SystemError} `ESRCH` if there is no such process, `EPERM` or `EACCES` if the system refuses.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `pid` is no number.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` if `pid` is no integer from 0 to 4294967295.
 */
export function getMemoryInfo(pid?: number): MemoryInfo;

/**
 * Reads the memory of several processes. One that cannot be read does not fail the others: its entry says why.
 *
 * @returns One entry a pid, in the same order.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `pids` is no iterable.
 */
export function getMemoryInfoBatch(pids: Iterable<number>): BatchEntry[];

/**
 * Reads the memory of a process and of everything under it. A process that exits meanwhile is left out; one that the
 * system refuses to tell about stands in `unreadable`.
 *
 * @param pid The root; this process if left out.
 * @throws As {@link getMemoryInfo}, if the root cannot be read.
 */
export function getTreeMemoryInfo(pid?: number): TreeMemoryInfo;

/** The same functions, returning promises and doing their work off the JavaScript thread. */
export * as promises from './lib/promises.js';
