'use strict';

// What Electron knows of its processes, joined with what the system says of them. Electron itself is not needed.

const { invalidArgType, pidError } = require('./errors');

// Both sides count from the time of boot, which Linux gives in whole seconds and both may round their own way.
const TOLERANCE_MS = 2000;

/** Whether a metric is about the process of that pid in the tree, and not about one that had the pid before. */
function isSame(process, { creationTime }) {
  // Electron gives a 0 where it could not find out.
  if (!Number.isFinite(creationTime) || creationTime <= 0) return true;
  return Math.abs(process.creationTime - creationTime) <= TOLERANCE_MS;
}

/** A property that is the object's own: what somebody put on Object.prototype says nothing of a process. */
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
  if (!Array.isArray(found)) throw invalidArgType('tree', 'an answer of getTreeMemoryInfo()', tree);
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
