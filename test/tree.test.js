'use strict';

// Trees of real processes, in every unusual shape.

const assert = require('node:assert/strict');

const memory = require('..');
const { startFixture } = require('./helpers/child');

const pidsOf = (tree) => tree.processes.map(({ pid }) => pid);

(process.platform === 'linux' ? describe : describe.skip)('trees (Linux only)', () => {
  it('follow a chain of 300 processes', async () => {
    const { pid } = await startFixture('chain', 300);
    const { processes, total } = memory.getTreeMemoryInfo(pid);
    assert.equal(processes.length, 300);
    assert.equal(total.processes, 300);
    for (let i = 1; i < 300; i++) assert.equal(processes[i].ppid, processes[i - 1].pid);
  });

  it('have processes that were forked, and those that have executed a program since', async () => {
    const { pid } = await startFixture('fan', 2);
    const { processes } = memory.getTreeMemoryInfo(pid);
    assert.deepEqual(
      processes.map((info) => Object.hasOwn(info, 'forked') && info.forked),
      [false, true, true],
    );
  });

  it('list 2,000 children of one parent', async () => {
    const { pid } = await startFixture('fan', 2000);
    const { processes } = memory.getTreeMemoryInfo(pid);
    assert.equal(processes.length, 2001);
    assert.equal(new Set(processes.map((info) => info.pid)).size, 2001);
    assert.ok(processes.slice(1).every((info) => info.ppid === pid));
    const inOrder = processes.every(
      (info, i) => i < 2 || info.creationTime >= processes[i - 1].creationTime,
    );
    assert.ok(inOrder, 'siblings are ordered by age');
  });

  it('include children forked by other threads than the main one', async () => {
    for (const stays of [1, 0]) {
      const child = await startFixture('thread-fork', stays);
      assert.deepEqual(pidsOf(memory.getTreeMemoryInfo(child.pid)), [
        child.pid,
        Number(child.said[0]),
      ]);
    }
  });

  for (const [what, name] of [
    ['spaces', Buffer.from(' a b  c ')],
    ['parentheses', Buffer.from(') R 1 (x) (')],
    ['newlines', Buffer.from('a\nTgid:\t1\nb')],
    ['letters beyond ASCII', Buffer.from('größe 日本')],
    ['nothing in it', Buffer.from('')],
  ]) {
    it(`have a name with ${what}`, async () => {
      const { pid } = await startFixture('named', name.toString('hex'));
      assert.equal(memory.getTreeMemoryInfo(pid).processes[0].name, name.toString());
    });
  }

  it('have U+FFFD for invalid UTF-8 in a name', async () => {
    const { pid } = await startFixture('named', '61ff62');
    assert.equal(memory.getTreeMemoryInfo(pid).processes[0].name, 'a\ufffdb');
  });

  it('name a process after its program if its main thread has the name that Node.js sets', async () => {
    for (const [name, expected] of [
      ['MainThread', 'fixture'],
      ['node-MainThread', 'fixture'],
      ['mainthread', 'mainthread'],
      ['MainThread2', 'MainThread2'],
    ]) {
      const { pid } = await startFixture('named', Buffer.from(name).toString('hex'));
      assert.equal(memory.getTreeMemoryInfo(pid).processes[0].name, expected);
      const found = memory.getAllMemoryInfo().processes.find((each) => each.pid === pid);
      assert.equal(found.name, expected);
    }
  });

  it('lose no long-lived process, and have no wrong parent, while others start and exit', async () => {
    const child = await startFixture('churn', 20);
    const staying = child.said.map(Number);
    const seen = new Set();
    for (let read = 0; read < 200 || seen.size < 100; read++) {
      const { processes, unreadable } =
        read % 2
          ? memory.getTreeMemoryInfo(child.pid)
          : await memory.promises.getTreeMemoryInfo(child.pid);
      const pids = new Set(processes.map(({ pid }) => pid));
      assert.equal(pids.size, processes.length, 'each process once');
      for (const pid of staying) assert.ok(pids.has(pid), `${pid} is lost`);
      for (const info of processes.slice(1)) assert.ok(pids.has(info.ppid), 'its parent is there');
      assert.deepEqual(unreadable, []);
      for (const pid of pids) seen.add(pid);
    }
  });
});
