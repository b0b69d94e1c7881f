'use strict';

// Joins Electron's metrics with a tree of processes. Does not require Electron itself.

const { invalidArgType, pidError } = require('./errors');

// Both sides count from boot time, which Linux reports in whole seconds and each side may round differently.
const TOLERANCE_MS = 2000;

/** Whether a metric belongs to the process in the tree, not to an earlier process with the same pid. */
function isSame(process, { creationTime }) {
  // Electron reports 0 if it is unknown.
  if (!Number.isFinite(creationTime) || creationTime <= 0) return true;
  return Math.abs(process.creationTime - creationTime) <= TOLERANCE_MS;
}

/** An own property; inherited ones are ignored. */
const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);

function checkObject(value, name) {
  if (value === null || typeof value !== 'object')
    throw invalidArgType(name, 'of type object', value);
}

/** Reads a metric, each property once. */
function checkMetric(metric, name) {
  checkObject(metric, name);
  const pid = own(metric, 'pid');
  const type = own(metric, 'type');
  const wrong = pidError(pid, `${name}.pid`);
  if (wrong !== undefined) throw wrong;
  if (typeof type !== 'string') throw invalidArgType(`${name}.type`, 'of type string', type);
  const app = { type };
  for (const key of ['name', 'serviceName']) {
    const value = own(metric, key);
    if (value !== undefined) app[key] = value;
  }
  return { pid, creationTime: own(metric, 'creationTime'), app };
}

function withAppMetrics(tree, metrics) {
  const found = tree?.processes;
  if (!Array.isArray(found)) throw invalidArgType('tree', 'a result of getTreeMemoryInfo()', tree);
  if (!Array.isArray(metrics)) throw invalidArgType('metrics', 'an instance of Array', metrics);
  const byPid = new Map();
  for (const [i, given] of metrics.entries()) {
    const metric = checkMetric(given, `metrics[${i}]`);
    byPid.set(metric.pid, metric);
  }
  const processes = Array.from(found, (process, i) => {
    checkObject(process, `tree.processes[${i}]`);
    const metric = byPid.get(process.pid);
    if (metric === undefined || !isSame(process, metric)) return { ...process };
    byPid.delete(metric.pid);
    return { ...process, app: metric.app };
  });
  const unmatched = Array.from(byPid.values(), ({ pid, app }) => ({ pid, ...app }));
  return { ...tree, processes, unmatched };
}

module.exports = { withAppMetrics };
