import type { Meter } from '@opentelemetry/api';

import type { TreeMetricsCollection, TreeMetricsOptions } from './exporters/options.js';

export type {
  GroupOptions,
  Root,
  TreeMetricsCollection,
  TreeMetricsOptions,
} from './exporters/options.js';

/** Options of {@link collectTreeMetrics}. */
export interface OpenTelemetryOptions extends TreeMetricsOptions {
  /** The meter that creates the instruments: `metrics.getMeter('…')` of `@opentelemetry/api`. */
  meter: Meter;
}

/**
 * Creates instruments for the memory of process trees, and for this process as the semantic conventions name them. One
 * batch callback observes all instruments and reads the trees once for each collection. docs/exporters.md lists the
 * instruments.
 *
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` for an option of another type.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` for a pid or `maxGroups` out of range.
 * @throws {SystemError} `ESRCH` if a root does not exist.
 */
export function collectTreeMetrics(options: OpenTelemetryOptions): TreeMetricsCollection;
