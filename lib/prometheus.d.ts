import type { TreeMemoryInfo } from '../index.js';
import type {
  GroupOptions,
  TreeMetricsCollection,
  TreeMetricsOptions,
} from './exporters/options.js';

export type {
  GroupOptions,
  Root,
  TreeMetricsCollection,
  TreeMetricsOptions,
} from './exporters/options.js';

/** A `Registry` of prom-client, as far as it is used here. */
export interface MetricsRegistry {
  registerMetric(metric: never): void;
  removeSingleMetric(name: string): void;
}

export interface PrometheusOptions extends TreeMetricsOptions {
  /** The registry; by default prom-client's own. */
  register?: MetricsRegistry;
  /** What every metric's name starts with, such as `myapp_`; nothing by default. */
  prefix?: string;
}

export interface PrometheusTextOptions extends GroupOptions {
  /** What every metric's name starts with, such as `myapp_`; nothing by default. */
  prefix?: string;
}

/**
 * Registers the memory metrics of process trees with a registry of prom-client, which has to be installed. Every scrape
 * reads the trees once, so all figures of a scrape agree; concurrent scrapes share a reading. docs/exporters.md lists
 * the metrics.
 *
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` for an option of another type.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` for a pid or `maxGroups` out of range.
 * @throws {SystemError} `ESRCH` if a root does not exist.
 */
export function collectTreeMetrics(options?: PrometheusOptions): TreeMetricsCollection;

/**
 * The memory of one tree in Prometheus's text format (version 0.0.4). Does not need prom-client. There are no counters:
 * who started and who exited takes more than one reading.
 *
 * @param tree An answer of `getTreeMemoryInfo()`, or of `withAppMetrics()`.
 */
export function toPrometheusText(tree: TreeMemoryInfo, options?: PrometheusTextOptions): string;
