// Compiled by scripts/test-package.sh in a project that has the package installed: each entry has correct typings.

import { getMemoryInfo, type MemoryInfo, openProcess } from 'process-memory-info';
import { useAddon } from 'process-memory-info/addon';
import { collectTreeMetrics as toOpenTelemetry } from 'process-memory-info/opentelemetry';
import addon from 'process-memory-info/prebuilds/linux-x64-glibc.node';
import { collectTreeMetrics as toPrometheus } from 'process-memory-info/prometheus';
import { getTreeMemoryInfo } from 'process-memory-info/promises';
import { sample } from 'process-memory-info/sampler';

export const info: MemoryInfo = getMemoryInfo();
export const entries = [useAddon, toOpenTelemetry, addon, toPrometheus, getTreeMemoryInfo, sample];

export function isAlive(pid: number): boolean {
  using handle = openProcess(pid);
  return handle.isAlive();
}
