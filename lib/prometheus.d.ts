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

/** A `Registry` of prom-client, as far as this package uses it. */
export interface MetricsRegistry {
  /** Adds a metric. */
  registerMetric(metric: never): void;
  /** Removes a metric by its name. */
  removeSingleMetric(name: string): void;
}

/** Options of {@link collectTreeMetrics}. */
export interface PrometheusOptions extends TreeMetricsOptions {
  /** The registry; prom-client's default registry by default. */
  register?: MetricsRegistry;
  /** The prefix of each metric name, such as `myapp_`; none by default. */
  prefix?: string;
}

/** Options of {@link toPrometheusText}. */
export interface PrometheusTextOptions extends GroupOptions {
  /** The prefix of each metric name, such as `myapp_`; none by default. */
  prefix?: string;
}

/**
 * Registers metrics for the memory of process trees with a registry of prom-client, which has to be installed. Each
 * scrape reads the trees once, so all figures of a scrape are consistent. Concurrent scrapes share a reading.
 * docs/exporters.md lists the metrics.
 *
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` for an option of another type.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` for a pid or `maxGroups` out of range.
 * @throws {SystemError} `ESRCH` if a root does not exist.
 */
export function collectTreeMetrics(options?: PrometheusOptions): TreeMetricsCollection;

/**
 * Returns the memory of one tree in Prometheus's text format (version 0.0.4), in bytes. It does not need prom-client.
 * The text contains no counters, because these require more than one reading.
 *
 * @param tree The result of `getTreeMemoryInfo()` or `withAppMetrics()`.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `tree` or an option is of another type.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` for `maxGroups` out of range.
 */
export function toPrometheusText(tree: TreeMemoryInfo, options?: PrometheusTextOptions): string;
