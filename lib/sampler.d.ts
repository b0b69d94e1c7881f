/// <reference lib="esnext.disposable" />
/// <reference lib="es2018.asynciterable" />

/**
 * Memory over time. Sizes are in KiB and durations in milliseconds, as they are everywhere in this package.
 */

import type { SystemError, TreeMemoryInfo, TreeMemoryTotal } from '../index.js';

/** A process that is or was there, such as a `ProcessHandle` of either entry, or a process of a tree. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly creationTime: number;
}

/** A `ChildProcess` of `node:child_process`. */
export interface SampledChild {
  readonly pid?: number | undefined;
  readonly exitCode: number | null;
  readonly signalCode: string | null;
}

/** What to sample: one root or, as an iterable of pids, several. */
export type SampleTarget = number | ProcessIdentity | SampledChild | Iterable<number>;

export interface SampleOptions {
  /** Milliseconds from one tick to the next: 1000 by default, at least 10. */
  interval?: number | undefined;

  /**
   * Whether to read footprints, which are expensive.
   *
   * - `false`, the default: never
   * - `true`: with each sample
   * - `'peak'`: with those whose private memory is more than 1 % above what it was at the last such reading
   */
  footprint?: boolean | 'peak' | undefined;

  /**
   * What `peakWorkingSetSize` is the peak of.
   *
   * - `'lifetime'`, the default: the whole life of the process
   * - `'interval'`, on Linux only: the time since the sample before, and in a process's first sample its whole life. The
   *   kernel's counter is reset after each sample, **for all who read it**. It takes to be the process's own user, or
   *   root: otherwise the iteration throws `EACCES` for a root, and the peak is left out for what is under it.
   */
  peaks?: 'lifetime' | 'interval' | undefined;

  /** After how many milliseconds to end. Without an end by default. */
  duration?: number | undefined;

  /** Ends it when aborted: the iteration throws the signal's reason. */
  signal?: AbortSignal | undefined;

  /** Whether the program is kept alive while a sample is awaited; true by default. Nothing else keeps it alive. */
  ref?: boolean | undefined;
}

/** What was seen of a process, which is its pid and creation time together. */
export interface ProcessRecord {
  pid: number;
  creationTime: number;
  /** The latest that was seen. */
  ppid: number;
  /** The latest that was seen. */
  name: string;
  /** When it was seen first, in milliseconds since the beginning. */
  firstSeen: number;
  /** When it was seen running last, in milliseconds since the beginning. */
  lastSeen: number;
  /** Whether it is gone: it has exited, or its parent has, so that it belongs to no sampled tree any more. */
  exited: boolean;
  /** The largest of all samples. */
  maxWorkingSetSize: number;
  /** The largest of all samples. */
  maxPrivateBytes?: number;
  /** The largest peak that the system counted, between samples, too, and before `exec()`, which resets its counter. */
  peakWorkingSetSize?: number;
}

/** One reading of all trees. */
export interface Sample {
  /** When the reading began, in milliseconds since the Unix epoch, by the clock that may be set. */
  time: number;
  /** When the reading began, in milliseconds since the beginning, by a clock that is never set. */
  elapsed: number;
  /** By how much the reading began after its tick: less than the interval. */
  late: number;
  /**
   * How many ticks have passed without a sample since the last one that was delivered: newer ones took the place of
   * theirs, or nothing was read, because a reading took longer than the interval or the event loop was held up.
   */
  missed: number;
  /** The tree of each root that has not exited, in the order of the roots; at least one. */
  trees: TreeMemoryInfo[];
  /** The sums over all trees. A process that is in several of them is counted once. */
  total: TreeMemoryTotal;
  /** Who was first seen since the last sample that was delivered; in the first one, everybody. */
  started: ProcessRecord[];
  /** Who is gone since then. Those that exit with the last root are in the summary only. */
  exited: ProcessRecord[];
  /**
   * Of several roots, those that could not be read: in the first sample, also those that were gone already, with `ESRCH`.
   * If no root can be read, the iteration throws.
   */
  failures: SystemError[];
}

/** The largest reading. */
export interface SamplePeak extends Pick<Sample, 'time' | 'elapsed' | 'total' | 'trees'> {}

/**
 * - `exit`: every root has exited
 * - `abort`: the signal was aborted
 * - `stop`: `stop()` was called, or the loop was left
 * - `duration`: the time was over
 * - `error`: the trees could not be read
 */
export type EndReason = 'exit' | 'abort' | 'stop' | 'duration' | 'error';

/** What was seen so far. */
export interface Summary {
  /** Why it ended. Not there before. */
  ended?: EndReason;
  /** Milliseconds since the beginning, or to the end. */
  elapsed: number;
  /** How many readings there were, delivered or not. */
  samples: number;
  /** How many ticks were skipped: a reading took longer than the interval, or the event loop was held up. */
  missed: number;
  /** How many processes were seen. */
  started: number;
  /** How many of them are gone. */
  exited: number;
  /** The reading with the most private memory or, where that is not known, the largest sum of working sets. */
  peak?: SamplePeak;
  /** The reading with the largest footprint, of those with footprints. */
  peakFootprint?: SamplePeak;
  /** The process with the largest peak: the first of `processes`. */
  largest?: ProcessRecord;
  /** All processes that run, and of those that are gone the 1,000 largest: by their peak, largest first. */
  processes: ProcessRecord[];
}

/**
 * Reads trees again and again, from when it is made until it ends, whether anybody iterates or not. It may be iterated
 * once; leaving the loop ends it.
 */
export interface Sampler extends AsyncIterable<Sample>, AsyncDisposable {
  [Symbol.asyncIterator](): AsyncIterableIterator<Sample>;
  /** What was seen so far: a copy. */
  readonly summary: Summary;
  /**
   * Ends it, and the iteration, without a reading more. Rejects with what the iteration has thrown, or would have, if a
   * tree could not be read.
   */
  stop(): Promise<Summary>;
}

/**
 * Samples the memory of one or more process trees, at the beginning and then at each multiple of the interval. Readings
 * do not overlap, and are made on the thread pool. Whoever is too slow to take each sample gets the newest.
 *
 * @throws {SystemError} If the root cannot be looked at: `ESRCH` if there is no such process. A handle's or child's
 *   process that has exited ends the iteration before it begins instead.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`
 * @throws {RangeError} `ERR_OUT_OF_RANGE`
 */
export function sample(target: SampleTarget, options?: SampleOptions): Sampler;

export interface GrowthOptions {
  /** Rounds before the first reading: 10 by default. */
  warmup?: number | undefined;
  /** Rounds that count: 10 by default, at least 2. */
  rounds?: number | undefined;
  /** What is read, as the sum over the tree; `privateBytes` by default. */
  metric?: 'privateBytes' | 'footprint' | 'workingSetSize' | undefined;
  /** Milliseconds between the end of a round and its reading: 100 by default. */
  settle?: number | undefined;
}

/** How much memory a round of work leaves behind, in KiB. */
export interface Growth {
  metric: 'privateBytes' | 'footprint' | 'workingSetSize';
  /** The Theil–Sen slope of the series: the median of the slopes of all pairs, which an outlier does not move. */
  perRound: number;
  /** The lower end of its 95 % confidence interval. */
  low: number;
  /** The upper end of its 95 % confidence interval. */
  high: number;
  /** What was read after the warm-up and then after each round. */
  series: number[];
}

/**
 * Does the same work round by round, and measures by how much the target's tree grows.
 *
 * @param round The work; a promise that it returns is awaited. What it throws is thrown.
 * @throws {SystemError} `ESRCH` if the target is gone, `ENOSYS` if this system has no such metric.
 */
export function measureGrowth(
  target: SampleTarget,
  round: () => unknown,
  options?: GrowthOptions,
): Promise<Growth>;

/**
 * Throws if the growth is shown to be above the limit: if the lower end of its confidence interval is.
 *
 * @param options.maxPerRound In KiB.
 * @throws {AssertionError} With a chart of the series.
 */
export function assertNoGrowth(growth: Growth, options: { maxPerRound: number }): void;
