import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd';

import memory = require('../..');

import {
  type AllMemoryInfo,
  type BatchEntry,
  type FootprintTotal,
  getAllMemoryInfo,
  getMemoryCounters,
  getMemoryFootprint,
  getMemoryInfo,
  getMemoryInfoBatch,
  getMemoryLimit,
  getSystemMemoryInfo,
  getTreeMemoryInfo,
  getTreeMemoryInfoBatch,
  type MemoryCounters,
  type MemoryFootprint,
  type MemoryInfo,
  type MemoryLimit,
  openProcess,
  type ProcessFootprint,
  type ProcessHandle,
  type ProcessMemoryInfo,
  promises,
  type SystemError,
  type SystemMemoryInfo,
  type TreeBatchEntry,
  type TreeMemoryInfo,
  type UnreadableProcess,
  withAppMetrics,
} from '../..';
import * as alone from '../../lib/promises';

expectType<MemoryInfo>(getMemoryInfo());
expectType<MemoryInfo>(memory.getMemoryInfo(1));
expectType<BatchEntry[]>(getMemoryInfoBatch([1, 2]));
expectType<BatchEntry[]>(getMemoryInfoBatch(new Set([1])));
expectType<BatchEntry[]>(getMemoryInfoBatch(new Uint32Array(2)));
expectType<TreeMemoryInfo>(getTreeMemoryInfo());
expectType<Promise<MemoryInfo>>(promises.getMemoryInfo());
expectType<Promise<BatchEntry[]>>(promises.getMemoryInfoBatch([1]));
expectType<Promise<TreeMemoryInfo>>(alone.getTreeMemoryInfo(1));

const info = getMemoryInfo();
expectType<number>(info.pid);
expectType<number>(info.workingSetSize);
expectType<number | undefined>(info.peakWorkingSetSize);
expectType<number | undefined>(info.privateBytes);
expectType<number | undefined>(info.sharedBytes);

const tree = getTreeMemoryInfo();
expectType<ProcessMemoryInfo[]>(tree.processes);
expectAssignable<MemoryInfo>(tree.processes[0]);
expectType<number>(tree.total.workingSetSize);
expectType<number | undefined>(tree.total.privateBytes);
expectType<UnreadableProcess[]>(tree.unreadable);

for (const entry of getMemoryInfoBatch([1])) {
  if (entry.status === 'fulfilled') {
    expectType<MemoryInfo>(entry.value);
    expectType<undefined>(entry.reason);
  } else {
    expectAssignable<Error>(entry.reason);
    expectType<undefined>(entry.value);
  }
}

for (const { status, value, reason } of getMemoryInfoBatch([1])) {
  if (status === 'fulfilled') expectType<MemoryInfo>(value);
  else expectType<string>(reason.code as string);
}

expectType<boolean>(tree.processes[0].alive);
expectType<TreeBatchEntry[]>(getTreeMemoryInfoBatch([1], { footprint: true }));
expectType<Promise<TreeBatchEntry[]>>(promises.getTreeMemoryInfoBatch(new Set([1])));
for (const { status, value, reason } of getTreeMemoryInfoBatch([1])) {
  if (status === 'fulfilled') expectType<TreeMemoryInfo>(value);
  else expectType<string>(reason.code as string);
}
expectType<AllMemoryInfo>(getAllMemoryInfo());
expectType<Promise<AllMemoryInfo>>(promises.getAllMemoryInfo({ footprint: true }));
expectError(getAllMemoryInfo(1));
expectError(getAllMemoryInfo().pid);

declare const error: SystemError;
expectAssignable<Error>(error);
expectType<number>(error.errno);
expectType<string | undefined>(error.path);
expectNotAssignable<SystemError['code']>('ENOENT');

const footprints = getTreeMemoryInfo(1, { footprint: true });
expectType<ProcessFootprint | undefined>(footprints.processes[0].footprint);
expectType<FootprintTotal | undefined>(footprints.total.footprint);
expectType<MemoryFootprint>(getMemoryFootprint());
expectType<Promise<MemoryFootprint>>(promises.getMemoryFootprint(1));
expectType<Promise<MemoryFootprint>>(
  promises.getMemoryFootprint(1, { signal: AbortSignal.timeout(1), timeout: 5 }),
);
expectType<Promise<TreeMemoryInfo>>(promises.getTreeMemoryInfo(1, { footprint: true, timeout: 5 }));
expectError(promises.getMemoryFootprint(1, { timeout: '5' }));
expectError(getMemoryFootprint(1, { timeout: 5 }));
expectType<SystemMemoryInfo>(getSystemMemoryInfo());
expectError(getSystemMemoryInfo(1));
expectError(getTreeMemoryInfo(1, { footprints: true }));
expectError(getTreeMemoryInfo(1, { footprint: 1 }));

const counters = getMemoryCounters();
expectError(counters.privateUsage);
if (counters.platform === 'linux') {
  expectType<number>(counters.dirty);
  expectType<number | undefined>(counters.pageTables);
  expectType<number>(counters.minorFaults);
} else if (counters.platform === 'win32') {
  expectType<number>(counters.pageFaultCount);
  expectType<number | undefined>(counters.sharedCommitUsage);
  expectType<number | undefined>(counters.virtualSize);
  expectType<number | undefined>(counters.hardFaultCount);
} else if (counters.platform === 'darwin') {
  expectType<number | undefined>(counters.peakFootprint);
} else if (counters.platform === 'sunos') {
  expectError(counters.text);
} else if (counters.platform === 'freebsd') {
  expectType<number>(counters.stack);
}

expectType<MemoryLimit | null>(getMemoryLimit());
expectType<Promise<MemoryLimit | null>>(promises.getMemoryLimit(1));
expectNotAssignable<MemoryLimit>(getMemoryLimit());
expectType<boolean | undefined>(getMemoryLimit()?.complete);

const handle = openProcess();
expectType<ProcessHandle>(handle);
expectType<boolean>(handle.isAlive());
expectType<MemoryInfo>(handle.getMemoryInfo());
expectType<TreeMemoryInfo>(handle.getTreeMemoryInfo({ footprint: true }));
expectType<void>(handle[Symbol.dispose]());
expectType<Promise<alone.ProcessHandle>>(promises.openProcess(1));
declare const later: alone.ProcessHandle;
expectType<Promise<boolean>>(later.isAlive());
expectType<Promise<TreeMemoryInfo>>(later.getTreeMemoryInfo());
expectType<Promise<MemoryCounters>>(later.getMemoryCounters());

// A value that may be unknown must be looked at before it is added up.
expectNotAssignable<number>(info.peakWorkingSetSize);
expectError(info.rss);
expectError(getMemoryInfo('1'));
expectError(getMemoryInfo(1n));
expectError(getMemoryInfo(null));
expectError(getMemoryInfoBatch(1));
expectError(getMemoryInfoBatch('12'));
expectError(getMemoryInfoBatch(['1']));
expectError(getTreeMemoryInfo({ pid: 1 }));

const apps = withAppMetrics(getTreeMemoryInfo(), [{ pid: 1, type: 'Tab', creationTime: 1.5 }]);
expectType<string | undefined>(apps.processes[0].app?.name);
expectType<number[]>(apps.unmatched.map(({ pid }) => pid));
expectError(withAppMetrics(getTreeMemoryInfo(), [{ pid: 1 }]));
