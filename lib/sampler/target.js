'use strict';

// Resolves a sampler's target to its root processes. A pid is resolved once, immediately; later the identity of the
// process is compared, because the pid may be reused.

const { collectPids, invalidArgType, invalidState, outOfRange, pidError } = require('../errors');
const { openProcess } = require('../index');

/** The process that currently has this pid. */
function look(pid) {
  const handle = openProcess(pid);
  try {
    return { pid, creationTime: handle.creationTime, exited: !handle.isAlive() };
  } finally {
    handle.close();
  }
}

// Loaded only to tell one, because it takes several milliseconds.
const isChildProcess = (target) =>
  typeof target === 'object' && target instanceof require('node:child_process').ChildProcess;

const isHandle = (target) =>
  Number.isFinite(target?.creationTime) && pidError(target.pid, 'pid') === undefined;

/** A process that existed and may have exited since. */
function known(pid, isSame) {
  try {
    const root = look(pid);
    return isSame(root) ? root : { pid, exited: true };
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
    return { pid, exited: true };
  }
}

function childRoot(child) {
  if (child.pid === undefined) throw invalidState('the ChildProcess was not started');
  // Until Node.js reports its exit, it has not been waited for, so its pid cannot have been reused.
  if (child.exitCode !== null || child.signalCode !== null) return { pid: child.pid, exited: true };
  return known(child.pid, () => true);
}

/** Resolves several pids; one that cannot be read does not affect the others. */
function rootsOf(target) {
  const { pids } = collectPids(target);
  if (pids.length === 0) throw outOfRange('target.length', '>= 1', 0);
  for (const [index, pid] of pids.entries()) {
    const wrong = pidError(pid, `target[${index}]`);
    if (wrong !== undefined) throw wrong;
  }
  const roots = [];
  const failures = [];
  for (const pid of new Set(pids)) {
    try {
      roots.push(look(pid));
    } catch (error) {
      failures.push(error);
    }
  }
  if (roots.length === 0) throw failures[0];
  return { roots, failures };
}

/** The roots of a target, and the errors of those that could not be read. */
function resolve(target) {
  if (typeof target === 'number') {
    const wrong = pidError(target, 'target');
    if (wrong !== undefined) throw wrong;
    return { roots: [look(target)], failures: [] };
  }
  if (isChildProcess(target)) return { roots: [childRoot(target)], failures: [], child: target };
  if (isHandle(target)) {
    const { creationTime } = target;
    const root = known(target.pid, (found) => found.creationTime === creationTime);
    return { roots: [root], failures: [] };
  }
  if (typeof target?.[Symbol.iterator] !== 'function' || typeof target === 'string') {
    const expected = 'a pid, a ProcessHandle, a ChildProcess or an iterable of pids';
    throw invalidArgType('target', expected, target);
  }
  return rootsOf(target);
}

module.exports = { resolve };
