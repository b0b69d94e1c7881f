'use strict';

// Validates the options that all exporters share.

const { invalidArgType, outOfRange, pidError } = require('../errors');
const { openProcess } = require('../index');

/** Electron's process type if known, else the program name. */
const defaultGroup = (process) => process.app?.type ?? process.name;

/** The process that currently has the root's pid, which may be reused later. */
function checkRoot(root, name) {
  if (root !== null && typeof root === 'object') {
    const wrong = pidError(root.pid, `${name}.pid`);
    if (wrong !== undefined) throw wrong;
    return { pid: root.pid, creationTime: root.creationTime };
  }
  const wrong = pidError(root, name);
  if (wrong !== undefined) throw wrong;
  return { pid: root };
}

/** Looks up the identity of a fixed root. */
function identify(root) {
  if (root.creationTime !== undefined) return root;
  const handle = openProcess(root.pid);
  handle.close();
  return { pid: root.pid, creationTime: handle.creationTime };
}

function checkRoots(roots) {
  if (roots === undefined) return checkRoots([process.pid]);
  if (roots === 'all' || typeof roots === 'function') return roots;
  if (typeof roots === 'number' || typeof roots?.pid === 'number') return checkRoots([roots]);
  if (typeof roots?.[Symbol.iterator] !== 'function' || typeof roots === 'string') {
    const expected = "a pid, a ProcessHandle, an iterable of these, a function or 'all'";
    throw invalidArgType('options.roots', expected, roots);
  }
  const known = Array.from(roots, (root, index) =>
    identify(checkRoot(root, `options.roots[${index}]`)),
  );
  return () => known;
}

function checkOption(options, name, expected, isValid, fallback) {
  const value = options[name];
  if (value === undefined) return fallback;
  if (!isValid(value)) throw invalidArgType(`options.${name}`, expected, value);
  return value;
}

const isFunction = (value) => typeof value === 'function';
const isBoolean = (value) => typeof value === 'boolean';
const isNumber = (value) => typeof value === 'number';

/** Validates the options that all exporters share. */
function checkOptions(options) {
  if (options === null || typeof options !== 'object') {
    throw invalidArgType('options', 'of type object', options);
  }
  const maxGroups = checkOption(options, 'maxGroups', 'of type number', isNumber, 20);
  if (!Number.isInteger(maxGroups) || maxGroups < 1) {
    throw outOfRange('options.maxGroups', 'an integer >= 1', maxGroups);
  }
  return {
    roots: checkRoots(options.roots),
    group: checkOption(options, 'group', 'of type function', isFunction, defaultGroup),
    appMetrics: checkOption(options, 'appMetrics', 'of type function', isFunction),
    maxGroups,
    footprint: checkOption(options, 'footprint', 'of type boolean', isBoolean, false),
  };
}

module.exports = { checkOptions, checkRoot };
