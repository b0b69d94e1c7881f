import type { AppMetric, AppProcessMemoryInfo, ProcessHandle } from '../../index.js';

/** A process whose tree is read: a pid, or a process as {@link ProcessHandle} and a tree identify it. */
export type Root = number | { pid: number; creationTime?: number };

/** Which processes share one set of series. */
export interface GroupOptions {
  /**
   * Names the group of a process. The name becomes a label, so it must come from a small set: never return a pid, a
   * title or a command line. `undefined` stands for the group `other`. By default Electron's process type where
   * `appMetrics` provides one, else the name of the program.
   */
  group?: (process: AppProcessMemoryInfo) => string | undefined;

  /**
   * How many groups get series of their own; 20 by default. The largest groups of the first reading come first, later
   * ones take the places that are left, and every other process counts in the group `other`. A group keeps its place,
   * so that its counters never fall.
   */
  maxGroups?: number;
}

/** What the metrics are about. */
export interface TreeMetricsOptions extends GroupOptions {
  /**
   * The roots of the trees; this process by default. A root that is given as a pid is identified once, when the metrics
   * are created: if another process gets its pid later, the root counts as gone. A function is called for every reading
   * and may return other roots each time. `'all'` stands for every process that this one may see, and has no limit. A
   * process that several trees hold counts once.
   */
  roots?: 'all' | Root | Iterable<Root> | (() => Iterable<Root> | Promise<Iterable<Root>>);

  /**
   * Reads footprints, too: adds the types `footprint`, `proportional` and `swap`. Expensive: see `MemoryFootprint`.
   */
  footprint?: boolean;

  /** Electron's process types, for the default group: `() => app.getAppMetrics()`. */
  appMetrics?: () => AppMetric[];
}

/** Metrics that are being collected. */
export interface TreeMetricsCollection {
  /** Removes the metrics again. */
  stop(): void;
}
