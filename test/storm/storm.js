'use strict';

// Starts storm.c, and checks trees against what its processes' names say.

const assert = require('node:assert/strict');
const path = require('node:path');

const { Child } = require('../helpers/child');
const { plainEnv } = require('../helpers/plain-env');

const PROGRAM = path.join(__dirname, '../../build/storm/storm');

/** Parses the name of a short-lived process: "p3.250" is the 250th that spawner 3 forked, and has a child. */
function readName(name) {
  const [, what, spawner, number] = /^([spoq])(\d)\.(\d+)$/.exec(name) ?? [];
  return what && { what, spawner: Number(spawner), number: Number(number) };
}

class Storm {
  #numbers = new Map(); // by pid, the numbers of the short-lived processes that were seen with it

  constructor(child, said) {
    const of = (kind) =>
      said.filter((line) => line.startsWith(kind)).map((line) => Number(line.split(' ')[1]));
    this.child = child;
    this.pid = child.pid;
    this.staying = of('staying');
    this.spawners = of('spawner');
    this.movers = of('mover');
    this.lasting = new Set([this.pid, ...this.staying, ...this.spawners, ...this.movers]);
    this.over = false;
  }

  /** Starts the forking. */
  begin() {
    this.child.ask('go').then((line) => {
      assert.equal(line, 'done');
      this.over = true;
    });
  }

  /** How many short-lived processes were seen, and how many of them had a reused pid. */
  get seen() {
    const counts = [...this.#numbers.values()].map(({ size }) => size);
    const all = counts.reduce((sum, count) => sum + count, 0);
    return { all, again: all - counts.length };
  }

  /** Whether it is a process of the storm, and not another one that has got its pid meanwhile. */
  has({ pid, name }) {
    return this.lasting.has(pid) || readName(name) !== undefined;
  }

  /** Throws if a tree of the storm lacks a process that stays, or has one that does not belong to it. */
  check(tree) {
    const byPid = this.checkParents(tree);
    assert.equal(tree.processes[0].pid, this.pid);
    for (const pid of [...this.staying, ...this.spawners]) {
      assert.equal(byPid.get(pid)?.ppid, this.pid, `${pid}, which stays, is lost`);
    }
    for (const pid of this.movers) assert.ok(byPid.has(pid), `${pid}, which moves, is lost`);
  }

  /** Throws if a process is below a process that is not its parent. Returns the processes by pid. */
  checkParents({ processes, unreadable }) {
    assert.deepEqual(unreadable, []);
    const byPid = new Map(processes.map((info) => [info.pid, info]));
    assert.equal(byPid.size, processes.length, 'a process is listed twice');
    for (const info of processes) this.#note(info);
    for (const info of processes.slice(1)) {
      const parent = byPid.get(info.ppid);
      assert.ok(parent !== undefined, `the parent of ${info.pid} is missing`);
      assert.ok(this.#isChild(info, parent), JSON.stringify([info, parent]));
      assert.ok(info.creationTime >= parent.creationTime, 'a child is older than its parent');
    }
    return byPid;
  }

  #note({ pid, name }) {
    const said = readName(name);
    if (said === undefined || this.lasting.has(pid)) return;
    const numbers = this.#numbers.get(pid) ?? new Set();
    this.#numbers.set(pid, numbers.add(said.number * 10 + said.spawner));
  }

  #isChild(info, parent) {
    if (this.staying.includes(info.pid) || this.spawners.includes(info.pid)) {
      return parent.pid === this.pid;
    }
    if (info.name === 'mover') return parent.pid === this.pid || parent.name === 'mover';
    const child = readName(info.name);
    if (child === undefined) return false;
    const mayBeForked = 'oq'.includes(child.what); // by a process that is not a spawner
    if (parent.pid === this.pid) return mayBeForked;
    const spawner = this.spawners.indexOf(parent.pid);
    if (spawner !== -1) return child.what !== 'o' && child.spawner === spawner;
    const { what, ...of } = readName(parent.name) ?? {};
    return (
      mayBeForked && what !== 'o' && child.spawner === of.spawner && child.number === of.number
    );
  }
}

async function startStorm(forks) {
  const child = new Child(PROGRAM, [String(forks)], { env: plainEnv });
  return new Storm(child, await child.ready());
}

module.exports = { startStorm };
