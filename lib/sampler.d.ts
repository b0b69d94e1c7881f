/// <reference lib="esnext.disposable" />
/// <reference lib="es2018.asynciterable" />

/**
 * Memory over time. Sizes are in KiB and durations in milliseconds.
 */

import type { SystemError, TreeMemoryInfo, TreeMemoryTotal } from '../index.js';

/** A process identified by pid and creation time, such as a `ProcessHandle` of either entry or a process of a tree. */
export interface ProcessIdentity {
  /** Process id. */
  readonly pid: number;
  /** When the process was created, in milliseconds since the Unix epoch. */
  readonly creationTime: number;
}

/** A `ChildProcess` of `node:child_process`. */
export interface SampledChild {
  /** Process id; `undefined` if the child failed to start. */
  readonly pid?: number | undefined;
  /** The exit code; `null` until the child has exited, and if a signal killed it. */
  readonly exitCode: number | null;
  /** The signal that killed the child; `null` otherwise. */
  readonly signalCode: string | null;
}

/** What to sample: one root, or several as an iterable of pids. */
export type SampleTarget = number | ProcessIdentity | SampledChild | Iterable<number>;

/** Options of {@link sample}. */
export interface SampleOptions {
  /** Milliseconds between ticks; 1000 by default, at least 10. */
  interval?: number | undefined;

  /**
   * Whether to read footprints, which is expensive.
   *
   * - `false`, the default: never
   * - `true`: with each sample
   * - `'peak'`: only when private memory is more than 1 % above its value at the last such reading
   */
  footprint?: boolean | 'peak' | undefined;

  /**
   * The period that `peakWorkingSetSize` covers.
   *
   * - `'lifetime'`, the default: the whole life of the process
   * - `'interval'`, on Linux only: the time since the previous sample, and in the first sample of a process its whole
   *   life. The kernel's counter is reset after each sample, **for every reader**. This requires the same user as the
   *   process, or root: otherwise the iteration throws `EACCES` for a root, and the peak of a descendant is left out.
   *   Elsewhere `sample()` throws `ENOSYS`
   */
  peaks?: 'lifetime' | 'interval' | undefined;

  /** Milliseconds after which sampling ends; unlimited by default. */
  duration?: number | undefined;

  /** Ends sampling when aborted; the iteration throws the reason of the signal. */
  signal?: AbortSignal | undefined;

  /** Whether waiting for a sample keeps the program alive; true by default. Nothing else keeps it alive. */
  ref?: boolean | undefined;
}

/** What was seen of a process, which is identified by pid and creation time together. */
export interface ProcessRecord {
  /** Process id. */
  pid: number;
  /** When the process was created, in milliseconds since the Unix epoch. */
  creationTime: number;
  /** Process id of the parent, in the last sample of the process. */
  ppid: number;
  /** Name of the program, in the last sample of the process. */
  name: string;
  /** When the process was first seen, in milliseconds since sampling began. */
  firstSeen: number;
  /** When the process was last seen running, in milliseconds since sampling began. */
  lastSeen: number;
  /** Whether the process has exited, or left all sampled trees because its parent exited. */
  exited: boolean;
  /** The largest working set of all samples, in KiB. */
  maxWorkingSetSize: number;
  /** The largest private memory of all samples, in KiB. Left out if the system does not report it. */
  maxPrivateBytes?: number;
  /**
   * The largest peak that the system recorded, in KiB, including peaks between samples, and those before `exec()`,
   * which resets its counter. Left out if the system does not report it.
   */
  peakWorkingSetSize?: number;
}

/** One reading of all trees. */
export interface Sample {
  /** When the reading began, in milliseconds since the Unix epoch, by the system clock. */
  time: number;
  /** When the reading began, in milliseconds since sampling began, by a monotonic clock. */
  elapsed: number;
  /** The delay between the tick and its reading, in milliseconds; less than the interval. */
  late: number;
  /**
   * The number of ticks without a sample since the last one that was delivered: a newer sample replaced theirs, or
   * nothing was read because a reading took longer than the interval or the event loop was blocked.
   */
  missed: number;
  /**
   * The tree of each root that has not exited, in the order of the roots; at least one. A new process that shares all
   * its memory with its parent, because it has executed no program since it was forked, is left out for up to a second.
   */
  trees: TreeMemoryInfo[];
  /** The sums over all trees. A process that belongs to several of them counts once. */
  total: TreeMemoryTotal;
  /** The processes first seen since the last sample that was delivered; in the first sample, all processes. */
  started: ProcessRecord[];
  /** The processes that have exited since then. Those that exit with the last root are in the summary only. */
  exited: ProcessRecord[];
  /**
   * The errors of those of several roots that could not be read. In the first sample these include `ESRCH` for roots
   * that had already exited. If no root can be read, the iteration throws.
   */
  failures: SystemError[];
}

/** The largest reading. */
export interface SamplePeak extends Pick<Sample, 'time' | 'elapsed' | 'total' | 'trees'> {}

/**
 * Why sampling ended.
 *
 * - `exit`: every root has exited
 * - `abort`: the signal was aborted
 * - `stop`: `stop()` was called, or the loop was left
 * - `duration`: the duration is over
 * - `error`: the trees could not be read
 */
export type EndReason = 'exit' | 'abort' | 'stop' | 'duration' | 'error';

/** The results so far. */
export interface Summary {
  /** Why sampling ended. Left out until then. */
  ended?: EndReason;
  /** Milliseconds from the beginning until now, or until the end. */
  elapsed: number;
  /** The number of readings, delivered or not. */
  samples: number;
  /** The number of ticks skipped because a reading took longer than the interval or the event loop was blocked. */
  missed: number;
  /** The number of processes that were seen. */
  started: number;
  /** The number of these that have exited. */
  exited: number;
  /**
   * The reading with the most private memory, or with the largest sum of working sets if private memory is unknown.
   * Left out before the first reading.
   */
  peak?: SamplePeak;
  /** The reading with the largest footprint. Left out if none has footprints. */
  peakFootprint?: SamplePeak;
  /** The process with the largest peak, which is the first of `processes`. Left out before the first reading. */
  largest?: ProcessRecord;
  /** All running processes, and the 1,000 largest of those that have exited, by their peak, largest first. */
  processes: ProcessRecord[];
}

/**
 * Reads trees at an interval from the time it is created until it ends, even without an iteration. It can be iterated
 * once; leaving the loop ends it.
 */
export interface Sampler extends AsyncIterable<Sample>, AsyncDisposable {
  /** Returns an iterator over the samples. If several samples are ready, it returns only the newest. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Sample>;
  /** A copy of the results so far. */
  readonly summary: Summary;
  /**
   * Ends sampling and the iteration without another reading. Rejects if a tree could not be read, with the error that
   * the iteration throws.
   */
  stop(): Promise<Summary>;
}

/**
 * Samples the memory of one or more process trees, immediately and then at each multiple of the interval. Readings
 * never overlap, and run on the thread pool. A consumer that is too slow for every sample gets the newest.
 *
 * @param target The root or roots. If the process of a handle or child has already exited, the iteration ends before
 *   its first sample.
 * @throws {SystemError} `ESRCH` if a pid does not exist, or another error if the root cannot be read; `ENOSYS` for
 *   `peaks: 'interval'` on a system other than Linux.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if an argument or option is of another type.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` if a pid or option is out of range, or there is no pid.
 * @throws {Error} `ERR_INVALID_STATE` if the `ChildProcess` failed to start.
 */
export function sample(target: SampleTarget, options?: SampleOptions): Sampler;

/** Options of {@link measureGrowth}. */
export interface GrowthOptions {
  /** The number of rounds before the first reading; 10 by default. */
  warmup?: number | undefined;
  /** The number of rounds that are measured; 10 by default, at least 2. */
  rounds?: number | undefined;
  /** The figure that is read, as the sum over the tree; `privateBytes` by default. */
  metric?: 'privateBytes' | 'footprint' | 'workingSetSize' | undefined;
  /** Milliseconds between the end of a round and its reading; 100 by default. */
  settle?: number | undefined;
}

/** How much memory a round of work leaves behind, in KiB. */
export interface Growth {
  /** The figure that was read. */
  metric: 'privateBytes' | 'footprint' | 'workingSetSize';
  /** The Theil–Sen slope of the series, in KiB per round: the median of the slopes of all pairs, robust to outliers. */
  perRound: number;
  /** The lower end of its 95 % confidence interval, in KiB per round. */
  low: number;
  /** The upper end of its 95 % confidence interval, in KiB per round. */
  high: number;
  /** The readings in KiB: one after the warm-up, then one after each round. */
  series: number[];
}

/**
 * Repeats the same work in rounds, and measures how much the memory of the target's tree grows.
 *
 * @param target The root or roots, as for {@link sample}.
 * @param round The work of one round; if it returns a promise, that is awaited. Errors that it throws are rethrown.
 * @throws {SystemError} `ESRCH` if the target has exited, `ENOSYS` if the system does not report the metric.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if an argument or option is of another type.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` if a pid or option is out of range.
 */
export function measureGrowth(
  target: SampleTarget,
  round: () => unknown,
  options?: GrowthOptions,
): Promise<Growth>;

/**
 * Throws if the growth is significantly above the limit: if the lower end of its confidence interval is.
 *
 * @param growth The result of {@link measureGrowth}.
 * @param options.maxPerRound The limit, in KiB per round.
 * @throws {AssertionError} With a chart of the series.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if an argument is of another type.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` if the limit is negative.
 */
export function assertNoGrowth(growth: Growth, options: { maxPerRound: number }): void;
