'use strict';

// What the exporters publish: the memory of process trees by group of processes, read once for all metrics of a scrape.
// The metrics are described here and nowhere else; prometheus.js and opentelemetry.js translate them.

const { performance } = require('node:perf_hooks');

const { invalidArgType, outOfRange, pidError } = require('./errors');
const { withAppMetrics } = require('./electron');
const { openProcess } = require('./index');
const promises = require('./promises');

/** The group of everything that has no place of its own. */
const OTHER = 'other';

const KIB = 1024;

/** Every metric: its samples are those of a reading, in this order. */
const METRICS = [
  {
    key: 'memory',
    name: 'process_tree_memory_bytes',
    kind: 'gauge',
    labels: ['group', 'type'],
    help: 'Memory of the processes of a group, by type. Add up private, proportional and footprint; never resident or shared, which count shared pages once per process.',
  },
  {
    key: 'processes',
    name: 'process_tree_processes',
    kind: 'gauge',
    labels: ['group'],
    help: 'Processes that are alive.',
  },
  {
    key: 'peak',
    name: 'process_tree_peak_resident_memory_bytes',
    kind: 'gauge',
    labels: ['group'],
    help: 'Largest peak resident memory, as the kernel recorded it, of any one process that is alive.',
  },
  {
    key: 'started',
    name: 'process_tree_started_total',
    kind: 'counter',
    labels: ['group'],
    help: 'Processes that joined the tree between two readings and were seen.',
  },
  {
    key: 'exited',
    name: 'process_tree_exited_total',
    kind: 'counter',
    labels: ['group'],
    help: 'Processes that were seen and have exited or left the tree.',
  },
  {
    key: 'unreadable',
    name: 'process_tree_unreadable',
    kind: 'gauge',
    labels: ['code'],
    help: 'Processes, roots included, that could not be read, by error code.',
  },
  {
    key: 'limit',
    name: 'process_tree_memory_limit_bytes',
    kind: 'gauge',
    labels: [],
    help: 'Memory limit on the root that has the least memory available.',
  },
  {
    key: 'available',
    name: 'process_tree_memory_available_bytes',
    kind: 'gauge',
    labels: [],
    help: 'Memory available below the limit to the root that has the least.',
  },
  {
    key: 'duration',
    name: 'process_tree_scrape_duration_seconds',
    kind: 'gauge',
    labels: [],
    help: 'How long the reading of all trees took.',
  },
];

/** Electron's process type where it is known, else the name of the program. */
const defaultGroup = (process) => process.app?.type ?? process.name;

/** The process that a root stands for now: its pid may be reused later. */
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

/** Looks up the identity of a root that is given for good. */
function identify(root) {
  if (root.creationTime !== undefined) return root;
  const handle = openProcess(root.pid);
  handle.close();
  return { pid: root.pid, creationTime: handle.creationTime };
}

function checkRoots(roots) {
  if (roots === undefined) return checkRoots([process.pid]);
  if (roots === 'all' || typeof roots === 'function') return roots;
  if (typeof roots === 'number') return checkRoots([roots]);
  if (typeof roots?.[Symbol.iterator] !== 'function' || typeof roots === 'string') {
    throw invalidArgType(
      'options.roots',
      "a number, an iterable of numbers, a function or 'all'",
      roots,
    );
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

/** Checks the options that all exporters share. */
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

const identity = ({ pid, creationTime }) => `${pid}:${creationTime}`;

/** What a process adds to each type of its group's memory, in KiB; undefined where it is unknown. */
function memoryByType(process, withFootprint) {
  const { workingSetSize, privateBytes, sharedBytes, footprint } = process;
  const memory = { resident: workingSetSize, private: privateBytes, shared: sharedBytes };
  if (!withFootprint) return memory;
  // An estimate is not the figure that was asked for.
  const exact = footprint?.code === undefined ? footprint : undefined;
  return {
    ...memory,
    footprint: exact?.footprint,
    proportional: exact?.pss,
    swap: exact?.swap,
  };
}

/** The figures of the processes of one group. */
class Group {
  processes = 0;
  peak; // KiB; undefined where it is known of no process
  #memory = {}; // KiB by type; NaN where a part is unknown

  add(process, withFootprint) {
    this.processes += 1;
    for (const [type, size] of Object.entries(memoryByType(process, withFootprint))) {
      this.#memory[type] = (this.#memory[type] ?? 0) + (size ?? Number.NaN);
    }
    const peak = process.peakWorkingSetSize;
    if (peak !== undefined) this.peak = Math.max(peak, this.peak ?? 0);
  }

  /** The sums that are known in full, as [type, KiB]. */
  memory() {
    return Object.entries(this.#memory).filter(([, size]) => !Number.isNaN(size));
  }
}

/** Which group a process belongs to; its place is kept, so that a counter stays with its series. */
class Groups {
  #names = new Set();
  #group;
  #max;

  constructor({ group, maxGroups }) {
    this.#group = group;
    this.#max = maxGroups;
  }

  #nameOf(process) {
    const name = this.#group(process) ?? OTHER;
    if (typeof name !== 'string') {
      throw invalidArgType('the answer of options.group', 'of type string', name);
    }
    return name;
  }

  /** Gives the largest of the new groups the places that are left, then names the group of each process. */
  assign(processes) {
    const named = processes.map((process) => [process, this.#nameOf(process)]);
    const sizes = new Map();
    for (const [{ workingSetSize }, name] of named) {
      if (name === OTHER || this.#names.has(name)) continue;
      sizes.set(name, (sizes.get(name) ?? 0) + workingSetSize);
    }
    const largest = Array.from(sizes).sort(([, a], [, b]) => b - a);
    for (const [name] of largest.slice(0, this.#max - this.#names.size)) this.#names.add(name);
    return named.map(([process, name]) => [process, this.#names.has(name) ? name : OTHER]);
  }
}

/** A number for each group that only grows. */
class GroupCounter {
  #counts = new Map();

  add(group, amount) {
    this.#counts.set(group, (this.#counts.get(group) ?? 0) + amount);
  }

  samples() {
    return Array.from(this.#counts, ([group, value]) => ({ labels: { group }, value }));
  }
}

/** Each process once, though several trees may hold it. */
function distinct(trees) {
  const found = new Map();
  for (const { processes } of trees) {
    for (const process of processes) {
      if (process.alive !== false) found.set(identity(process), process);
    }
  }
  return found;
}

function countBy(items, key) {
  const counts = new Map();
  for (const item of items) counts.set(item[key], (counts.get(item[key]) ?? 0) + 1);
  return counts;
}

const single = (value) => (value === undefined ? [] : [{ labels: {}, value }]);

/** The samples of the gauges that a list of processes gives, each with its group. */
function gauges(assigned, footprint) {
  const groups = new Map();
  for (const [process, name] of assigned) {
    if (!groups.has(name)) groups.set(name, new Group());
    groups.get(name).add(process, footprint);
  }
  const samples = { memory: [], processes: [], peak: [] };
  for (const [group, figures] of groups) {
    for (const [type, size] of figures.memory()) {
      samples.memory.push({ labels: { group, type }, value: size * KIB });
    }
    samples.processes.push({ labels: { group }, value: figures.processes });
    if (figures.peak !== undefined) {
      samples.peak.push({ labels: { group }, value: figures.peak * KIB });
    }
  }
  return samples;
}

const unreadableSamples = (failures) =>
  Array.from(countBy(failures, 'code'), ([code, value]) => ({ labels: { code }, value }));

/** The samples of one tree, for those who have no state to keep between readings. */
function samplesOfTree(tree, options) {
  const checked = checkOptions(options);
  if (!Array.isArray(tree?.processes) || !Array.isArray(tree.unreadable)) {
    throw invalidArgType('tree', 'an answer of getTreeMemoryInfo()', tree);
  }
  const processes = Array.from(distinct([tree]).values());
  const footprint = processes.some((process) => process.footprint !== undefined);
  return {
    ...gauges(new Groups(checked).assign(processes), footprint),
    unreadable: unreadableSamples(tree.unreadable),
  };
}

/** Reads trees repeatedly, and counts who came and went. */
class TreeMetrics {
  #options;
  #groups;
  #seen; // the group of each process of the last reading, by its identity
  #started = new GroupCounter();
  #exited = new GroupCounter();
  #reading;

  constructor(options) {
    this.#options = checkOptions(options);
    this.#groups = new Groups(this.#options);
  }

  /** The samples of every metric, by its key. Who asks while a reading goes on gets the same one. */
  read() {
    if (this.#reading === undefined) {
      this.#reading = this.#read().finally(() => {
        this.#reading = undefined;
      });
    }
    return this.#reading;
  }

  async #read() {
    const began = performance.now();
    const roots = await this.#roots();
    const [answers, limit] = await Promise.all([this.#trees(roots), tightest(roots)]);
    const trees = answers.filter(({ error }) => error === undefined).map(({ tree }) => tree);
    const failures = answers.filter(({ error }) => error !== undefined);
    const processes = distinct(trees);
    const assigned = this.#groups.assign(Array.from(processes.values()));
    // What could not be read for another reason than having gone has not exited.
    const complete = failures.every(({ error }) => error.code === 'ESRCH');
    this.#count(assigned, complete);
    return {
      ...gauges(assigned, this.#options.footprint),
      started: this.#started.samples(),
      exited: this.#exited.samples(),
      unreadable: unreadableSamples([
        ...failures.map(({ error }) => error),
        ...trees.flatMap(({ unreadable }) => unreadable),
      ]),
      limit: single(limit?.limit),
      available: single(limit?.available),
      duration: single((performance.now() - began) / 1000),
    };
  }

  /** The roots of this reading; none where every process is read. */
  async #roots() {
    const { roots } = this.#options;
    if (roots === 'all') return [];
    return Array.from(await roots(), (root, index) => checkRoot(root, `roots[${index}]`));
  }

  /** The tree, or the error, of each root. */
  async #trees(roots) {
    const { footprint, appMetrics } = this.#options;
    const named = (tree) => (appMetrics === undefined ? tree : withAppMetrics(tree, appMetrics()));
    if (this.#options.roots === 'all') {
      return [{ tree: named(await promises.getAllMemoryInfo({ footprint })) }];
    }
    const entries = await readTrees(roots, { footprint });
    return entries.map(({ status, value, reason }, index) => {
      if (status === 'rejected') return { error: reason };
      if (!isSame(value.processes[0], roots[index])) return { error: { code: 'ESRCH' } };
      return { tree: named(value) };
    });
  }

  /** Counts who is new and who has gone since the last reading; the first one has nothing to compare with. */
  #count(assigned, complete) {
    const now = new Map(assigned.map(([process, group]) => [identity(process), group]));
    for (const [, group] of assigned) {
      this.#started.add(group, 0);
      this.#exited.add(group, 0);
    }
    if (this.#seen !== undefined) {
      for (const [key, group] of now) if (!this.#seen.has(key)) this.#started.add(group, 1);
      for (const [key, group] of this.#seen) {
        if (now.has(key)) continue;
        if (complete) this.#exited.add(group, 1);
        else now.set(key, group);
      }
    }
    this.#seen = now;
  }
}

/** Whether the process is the one that was meant, and not another one that has its pid now. */
const isSame = ({ creationTime }, root) =>
  root.creationTime === undefined || root.creationTime === creationTime;

/** One entry a root, in the form of Promise.allSettled(). */
function readTrees(roots, options) {
  return Promise.allSettled(roots.map(({ pid }) => promises.getTreeMemoryInfo(pid, options)));
}

/** The limit, in bytes, of the root that has the least left of its own; undefined where none is known. */
async function tightest(roots) {
  const settled = await Promise.allSettled(roots.map(({ pid }) => promises.getMemoryLimit(pid)));
  const limits = settled
    .map(({ value }) => value)
    .filter((value) => value?.limit !== undefined)
    .sort((a, b) => (a.available ?? a.limit) - (b.available ?? b.limit));
  if (limits.length === 0) return undefined;
  const { limit, available } = limits[0];
  return { limit: limit * KIB, available: available === undefined ? undefined : available * KIB };
}

module.exports = { METRICS, TreeMetrics, samplesOfTree };
