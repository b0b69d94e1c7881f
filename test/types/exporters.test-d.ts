import type { Meter } from '@opentelemetry/api';
import { Registry } from 'prom-client';
import { expectError, expectType } from 'tsd';

import { getTreeMemoryInfo, openProcess } from '../..';
import * as opentelemetry from '../../lib/opentelemetry';
import {
  collectTreeMetrics,
  type TreeMetricsCollection,
  toPrometheusText,
} from '../../lib/prometheus';

const register = new Registry();
expectType<TreeMetricsCollection>(collectTreeMetrics());
collectTreeMetrics({ register, roots: 1, prefix: 'app_' });
collectTreeMetrics({ register, roots: openProcess(2) });
collectTreeMetrics({ register, roots: [1, openProcess(2)], footprint: true, maxGroups: 5 });
collectTreeMetrics({
  roots: async () => new Set([1]),
  group: ({ app, name }) => app?.type ?? name,
});
collectTreeMetrics({ roots: 'all' });
collectTreeMetrics({ group: () => undefined, appMetrics: () => [{ pid: 1, type: 'Tab' }] });
expectType<void>(collectTreeMetrics().stop());
expectError(collectTreeMetrics({ roots: 'some' }));
expectError(collectTreeMetrics({ group: () => 1 }));
expectError(collectTreeMetrics({ register: {} }));

expectType<string>(toPrometheusText(getTreeMemoryInfo()));
expectType<string>(toPrometheusText(getTreeMemoryInfo(), { prefix: 'app_', maxGroups: 3 }));
expectError(toPrometheusText(getTreeMemoryInfo(), { footprint: true }));

declare const meter: Meter;
expectType<TreeMetricsCollection>(opentelemetry.collectTreeMetrics({ meter, roots: [1] }));
expectError(opentelemetry.collectTreeMetrics({}));
