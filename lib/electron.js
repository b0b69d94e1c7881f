'use strict';

// What Electron knows of its processes, joined with what the system says of them. Electron itself is not needed.

const { invalidArgType } = require('./errors');

// Both sides count from the time of boot, which Linux gives in whole seconds and both may round their own way.
const TOLERANCE_MS = 2000;

/** Whether a metric is about the process of that pid in the tree, and not about one that had the pid before. */
function isSame(process, { creationTime }) {
  // Electron gives a 0 where it could not find out.
  if (!Number.isFinite(creationTime) || creationTime <= 0) return true;
  return Math.abs(process.creationTime - creationTime) <= TOLERANCE_MS;
}

function appOf({ type, name, serviceName }) {
  const app = { type };
  if (name !== undefined) app.name = name;
  if (serviceName !== undefined) app.serviceName = serviceName;
  return app;
}

function withAppMetrics(tree, metrics) {
  if (!Array.isArray(tree?.processes)) {
    throw invalidArgType('tree', 'an answer of getTreeMemoryInfo()', tree);
  }
  if (!Array.isArray(metrics)) throw invalidArgType('metrics', 'an instance of Array', metrics);
  const byPid = new Map(metrics.map((metric) => [metric.pid, metric]));
  const processes = tree.processes.map((process) => {
    const metric = byPid.get(process.pid);
    if (metric === undefined || !isSame(process, metric)) return { ...process };
    byPid.delete(process.pid);
    return { ...process, app: appOf(metric) };
  });
  const unmatched = [...byPid.values()].map((metric) => ({ pid: metric.pid, ...appOf(metric) }));
  return { ...tree, processes, unmatched };
}

module.exports = { withAppMetrics };
