import { expectAssignable, expectError, expectType } from 'tsd';

import { openProcess, promises, type SystemError, type TreeMemoryInfo } from '../..';
import {
  assertNoGrowth,
  type Growth,
  measureGrowth,
  type ProcessRecord,
  type Sample,
  type Sampler,
  type Summary,
  sample,
} from '../../lib/sampler';

const sampler = sample(1);
declare const child: { pid?: number; exitCode: number | null; signalCode: 'SIGKILL' | null };
expectType<Sampler>(sampler);
expectType<Sampler>(sample(openProcess(), { interval: 100, footprint: 'peak', peaks: 'interval' }));
expectType<Sampler>(sample(child, { duration: 1, signal: new AbortController().signal }));
expectType<Sampler>(sample(new Set([1, 2]), { ref: false, footprint: true }));
expectType<Sampler>(sample(new Uint32Array(2), { interval: undefined }));
promises.openProcess().then((handle) => sample(handle));
expectError(sample('1'));
expectError(sample());
expectError(sample(1, { interval: '1 s' }));
expectError(sample(1, { footprint: 'always' }));
expectError(sample(1, { peaks: true }));

expectAssignable<AsyncIterable<Sample>>(sampler);
expectAssignable<AsyncDisposable>(sampler);
expectType<Promise<Summary>>(sampler.stop());
expectType<Summary>(sampler.summary);
expectError(() => {
  sampler.summary = {} as Summary;
});

async function iterate() {
  for await (const each of sampler) {
    expectType<Sample>(each);
    expectType<number>(each.missed);
    expectType<TreeMemoryInfo[]>(each.trees);
    expectType<number | undefined>(each.total.privateBytes);
    expectType<ProcessRecord[]>(each.started);
    expectType<SystemError[]>(each.failures);
    expectType<number | undefined>(each.exited[0].peakWorkingSetSize);
  }
  const { ended, peak, largest } = sampler.summary;
  expectType<'exit' | 'abort' | 'stop' | 'duration' | 'error' | undefined>(ended);
  expectType<number | undefined>(peak?.total.privateBytes);
  expectType<string | undefined>(largest?.name);
}
iterate();

declare const growth: Growth;
expectType<Promise<Growth>>(measureGrowth(1, () => {}));
expectType<Promise<Growth>>(
  measureGrowth(child, async () => 1, { warmup: 1, metric: 'footprint' }),
);
expectType<number>(growth.perRound);
expectType<number[]>(growth.series);
expectType<void>(assertNoGrowth(growth, { maxPerRound: 10 }));
expectError(assertNoGrowth(growth));
expectError(measureGrowth(1));
expectError(measureGrowth(1, () => {}, { metric: 'rss' }));
