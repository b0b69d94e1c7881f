import type { AppMetric, AppProcessMemoryInfo, ProcessHandle } from '../../index.js';

/** The root of a tree: a pid, or a process with its pid and creation time, such as a {@link ProcessHandle}. */
export type Root = number | { pid: number; creationTime?: number };

/** How processes are grouped. All processes of a group share one set of series. */
export interface GroupOptions {
  /**
   * Returns the group name of a process. The name becomes a label value, so it must come from a small set: never return
   * a pid, a title or a command line. `undefined` means the group `other`. By default Electron's process type if
   * `appMetrics` contains it, otherwise the name of the program.
   */
  group?: (process: AppProcessMemoryInfo) => string | undefined;

  /**
   * The number of groups with series of their own; 20 by default, at least 1. The largest groups of the first reading
   * get series first, and later groups as long as there are fewer than this number. All other processes count in the
   * group `other`. A group keeps its series, so that its counters never decrease.
   */
  maxGroups?: number;
}

/** What the metrics cover. */
export interface TreeMetricsOptions extends GroupOptions {
  /**
   * The roots of the trees; this process by default. A root given as a pid is identified when the metrics are created:
   * if another process reuses its pid later, the root counts as exited. A function is called for each reading and may
   * return other roots each time. `'all'` means every process that this one may see, without a memory limit. A process
   * that belongs to several trees counts once.
   */
  roots?: 'all' | Root | Iterable<Root> | (() => Iterable<Root> | Promise<Iterable<Root>>);

  /**
   * Also reads footprints, and adds the types `footprint`, `proportional` and `swap`; false by default. Expensive: see
   * `MemoryFootprint`.
   */
  footprint?: boolean;

  /** Returns Electron's process types, for the default group: `() => app.getAppMetrics()`. */
  appMetrics?: () => AppMetric[];
}

/** Metrics that are being collected. */
export interface TreeMetricsCollection {
  /** Removes the metrics. */
  stop(): void;
}
