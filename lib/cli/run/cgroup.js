'use strict';

// A control group for the command alone, in which the kernel records the peak of memory: memory.peak in version 2
// (Linux 5.19), memory.max_usage_in_bytes in version 1. It includes page cache and kernel memory.
//
// The group must not lift any limit. In version 1 it is a child of our own group. In version 2 a group that contains
// processes cannot enable the memory controller for its children, except at the root; so it is a sibling of our own
// group, and only if that sets no limit that the command would escape.

const fs = require('node:fs');
const path = require('node:path');

const NAME = 'memory-info-';
const LIMITS = ['memory.max', 'memory.high', 'memory.swap.max', 'pids.max', 'cpu.max'];
const V1 = { type: /^cgroup$/, options: /(^|,)memory(,|$)/, peak: 'memory.max_usage_in_bytes' };
const V2 = { type: /^cgroup2$/, options: /^/, peak: 'memory.peak' };

const read = (...parts) => fs.readFileSync(path.join(...parts), 'utf8');
const unescaped = (text) =>
  text.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));

/** The path of our own group in the hierarchy with the memory controller. */
function ownPath() {
  const groups = read('/proc/self/cgroup')
    .trim()
    .split('\n')
    .map((line) => /^(\d+):([^:]*):(.*)$/s.exec(line));
  const v1 = groups.find((group) => group?.[2].split(',').includes('memory'));
  if (v1 !== undefined) return { version: V1, group: v1[3] };
  const v2 = groups.find((group) => group?.[1] === '0');
  if (v2 === undefined) throw new Error('there are no control groups');
  return { version: V2, group: v2[3] };
}

/** The directory of our own group in a mounted hierarchy. */
function ownDirectory({ version, group }) {
  for (const line of read('/proc/self/mountinfo').trim().split('\n')) {
    const [fields, tail] = line.split(' - ').map((part) => part.split(' '));
    const [root, point] = [unescaped(fields[3]), unescaped(fields[4])];
    const below = root === '/' ? group : group.slice(root.length);
    if (!version.type.test(tail[0]) || !version.options.test(tail[2])) continue;
    if (root !== '/' && group !== root && !group.startsWith(`${root}/`)) continue;
    if (below.startsWith('/..') || !fs.existsSync(path.join(point, below))) continue;
    return { point, directory: path.join(point, below) };
  }
  throw new Error('its control group is not visible');
}

const gives = (directory) => /\bmemory\b/.test(read(directory, 'cgroup.subtree_control'));

function sets(directory, limit) {
  try {
    return !/^max\b/.test(read(directory, limit));
  } catch (error) {
    if (error.code === 'ENOENT') return false; // the controller is not enabled
    throw error;
  }
}

function parentFor(version, { point, directory }) {
  if (version === V1 || gives(directory)) return directory;
  const parent = path.dirname(directory);
  if (directory === point || !gives(parent))
    throw new Error('no visible control group enables the memory controller for its children');
  const limit = LIMITS.find((name) => sets(directory, name));
  if (limit !== undefined) throw new Error(`a separate control group would escape ${limit}`);
  return parent;
}

/** Removes groups left by earlier runs that were killed. */
function removeStale(parent) {
  for (const name of fs.readdirSync(parent)) {
    const pid = name.startsWith(NAME) ? Number(name.slice(NAME.length)) : Number.NaN;
    if (!Number.isInteger(pid) || fs.existsSync(`/proc/${pid}`)) continue;
    try {
      fs.rmdirSync(path.join(parent, name));
    } catch {
      // it still contains processes, or another run removed it
    }
  }
}

class Group {
  #own; // directory of our own group
  #directory;
  #file;

  /** Throws if the group cannot be created. */
  constructor() {
    const own = ownPath();
    const place = ownDirectory(own);
    const parent = parentFor(own.version, place);
    removeStale(parent);
    this.#own = place.directory;
    this.#file = own.version.peak;
    this.#directory = path.join(parent, `${NAME}${process.pid}`);
    fs.mkdirSync(this.#directory);
    try {
      fs.accessSync(path.join(this.#directory, this.#file));
      fs.accessSync(this.entrance, fs.constants.W_OK);
    } catch (error) {
      fs.rmdirSync(this.#directory);
      throw error;
    }
  }

  /** The file that a process writes its pid to in order to join. */
  get entrance() {
    return path.join(this.#directory, 'cgroup.procs');
  }

  /** The command is a member from its start. */
  follow() {}

  /** The peak, in KiB, and the name of the counter. */
  peak() {
    const bytes = Number(read(this.#directory, this.#file));
    return { by: 'cgroup', source: this.#file, peak: Math.floor(bytes / 1024) };
  }

  /** Moves the processes that are still running to our own group, and removes this one. */
  async remove() {
    for (let attempts = 100; ; attempts--) {
      for (const pid of read(this.entrance).trim().split('\n').filter(Boolean)) this.#release(pid);
      try {
        fs.rmdirSync(this.#directory);
        return;
      } catch (error) {
        // An exiting process keeps the group busy for a moment.
        if (error.code !== 'EBUSY' || attempts === 0) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  #release(pid) {
    try {
      fs.writeFileSync(path.join(this.#own, 'cgroup.procs'), pid);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error; // ESRCH: it has exited
    }
  }
}

module.exports = { Group };
