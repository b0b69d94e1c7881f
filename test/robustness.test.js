'use strict';

// Hostile objects of the caller, other code in the process, and other processes: none makes a result wrong, crashes the
// process or leaves something open.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');

const memory = require('..');
const format = require('../lib/cli/format');
const { runNode, startNode, startFixture } = require('./helpers/child');
const { tellsFootprints } = require('./helpers/abilities');
const { OF_A_PID } = require('./helpers/everything');
const { forms } = require('./helpers/forms');

const ENTRY = path.join(__dirname, '..');
const CLI = path.join(ENTRY, 'bin/memory-info.js');
const DEAD = 2 ** 32 - 1;
const MAX_PIDS = 2 ** 20;
const MIB = 1024;

const isLinux = process.platform === 'linux';
const linuxOnly = isLinux ? it : it.skip;

/** An iterable that yields `pid` forever, and counts how often it was closed. */
function endless(pid) {
  const pids = { yielded: 0, closed: 0 };
  pids[Symbol.iterator] = () => ({
    next() {
      pids.yielded++;
      return { done: false, value: pid };
    },
    return() {
      pids.closed++;
      return {};
    },
  });
  return pids;
}

for (const { form, api } of forms) {
  describe(`iterables: ${form}`, () => {
    it('are closed and rejected if they never end', async () => {
      for (const pid of [process.pid, 'no pid']) {
        const pids = endless(pid);
        await assert.rejects(api.getMemoryInfoBatch(pids), {
          name: 'RangeError',
          code: 'ERR_OUT_OF_RANGE',
          message: `The value of "pids.length" is out of range. It must be <= ${MAX_PIDS}. Received ${MAX_PIDS + 1}`,
        });
        assert.deepEqual([pids.yielded, pids.closed], [MAX_PIDS + 1, 1]);
      }
    });

    it('are closed if they throw halfway, and their error is rethrown', async () => {
      let closed = 0;
      function* pids() {
        try {
          yield process.pid;
          yield DEAD;
          throw new Error('halfway');
        } finally {
          closed++;
        }
      }
      await assert.rejects(api.getMemoryInfoBatch(pids()), { message: 'halfway' });
      assert.equal(closed, 1);
    });

    it('may call the API while they are iterated', async () => {
      const child = await startNode();
      function* pids() {
        for (const pid of [child.pid, DEAD, process.pid]) {
          memory.getMemoryInfoBatch([pid, pid]);
          memory.openProcess().close();
          yield pid;
          assert.equal(memory.getMemoryInfo().pid, process.pid);
        }
      }
      const entries = await api.getMemoryInfoBatch(pids());
      assert.deepEqual(
        entries.map(({ value, reason }) => value?.pid ?? reason.code),
        [child.pid, 'ESRCH', process.pid],
      );
    });

    it('are copied before the call returns if they use shared memory', async () => {
      const pids = new Uint32Array(new SharedArrayBuffer(16));
      pids.fill(process.pid);
      const answer = api.getMemoryInfoBatch(pids);
      pids.fill(DEAD);
      for (const { value } of await answer) assert.equal(value.pid, process.pid);
    });

    it('throw their own error if their buffer is detached', async () => {
      const pids = new Uint32Array(4);
      structuredClone(pids.buffer, { transfer: [pids.buffer] });
      await assert.rejects(api.getMemoryInfoBatch(pids), TypeError);
    });

    it('of 50,000 pids get 50,000 entries', async () => {
      const entries = await api.getMemoryInfoBatch(new Array(50000).fill(DEAD));
      assert.equal(entries.length, 50000);
      assert.ok(entries.every(({ reason }) => reason.code === 'ESRCH' && reason.pid === DEAD));
    });
  });

  describe(`hostile objects: ${form}`, () => {
    it('are not pids, and are not converted to numbers', async () => {
      const asked = [];
      const liar = {
        valueOf: () => asked.push('valueOf'),
        toString: () => asked.push('toString'),
        [Symbol.toPrimitive]: () => asked.push('toPrimitive'),
      };
      for (const name of OF_A_PID)
        await assert.rejects(api[name](liar), { code: 'ERR_INVALID_ARG_TYPE' });
      const [entry] = await api.getMemoryInfoBatch([liar]);
      assert.equal(entry.reason.code, 'ERR_INVALID_ARG_TYPE');
      assert.deepEqual(asked, []);
    });

    it('may throw from an option', async () => {
      const options = {
        get footprint() {
          throw new Error('no option');
        },
      };
      await assert.rejects(api.getTreeMemoryInfo(process.pid, options), { message: 'no option' });
      const proxy = new Proxy(
        {},
        {
          getOwnPropertyDescriptor() {
            throw new Error('no look');
          },
        },
      );
      await assert.rejects(api.getTreeMemoryInfo(process.pid, proxy), { message: 'no look' });
    });

    it('may call the API from an option', async () => {
      const child = await startNode();
      const handle = memory.openProcess(child.pid);
      let read = 0;
      const options = {
        get footprint() {
          read++;
          handle.close();
          memory.openProcess().close();
          memory.getTreeMemoryInfo(process.pid);
          return false;
        },
      };
      const { pid, processes } = await api.getTreeMemoryInfo(child.pid, options);
      assert.deepEqual([pid, processes[0].pid, read], [child.pid, child.pid, 1]);
      assert.throws(() => handle.getMemoryInfo(), { code: 'ERR_INVALID_STATE' });
    });

    it('may call the API while an error message describes them', async () => {
      const child = await startNode();
      const asking = {
        get constructor() {
          memory.getMemoryInfo(child.pid);
          return { name: 'Asking' };
        },
      };
      const entries = await api.getMemoryInfoBatch([process.pid, asking, child.pid]);
      assert.deepEqual(
        entries.map(({ value, reason }) => value?.pid ?? reason.code),
        [process.pid, 'ERR_INVALID_ARG_TYPE', child.pid],
      );
      assert.match(entries[1].reason.message, /Received an instance of Asking$/);
    });

    it('work the same in proxies and frozen', async () => {
      const options = Object.freeze({ footprint: false });
      for (const given of [options, new Proxy(options, {}), Object.create(null)])
        assert.equal((await api.getTreeMemoryInfo(process.pid, given)).pid, process.pid);
      const pids = new Proxy(Object.freeze([process.pid]), {});
      assert.equal((await api.getMemoryInfoBatch(pids))[0].value.pid, process.pid);
    });
  });
}

describe('withAppMetrics', () => {
  it('ignores Object.prototype', () => {
    const tree = memory.getTreeMemoryInfo();
    const metrics = [{ pid: process.pid, type: 'Browser' }];
    const pollution = { name: 'x', serviceName: 'x', creationTime: 1, app: {} };
    let answer;
    try {
      Object.assign(Object.prototype, pollution);
      answer = memory.withAppMetrics(tree, metrics);
    } finally {
      for (const key of Object.keys(pollution)) delete Object.prototype[key];
    }
    assert.deepEqual(answer.processes[0].app, { type: 'Browser' });
    assert.deepEqual(answer.unmatched, []);
  });

  it('names the invalid argument', () => {
    const tree = memory.getTreeMemoryInfo();
    const message = (metrics, of = tree) => {
      try {
        memory.withAppMetrics(of, metrics);
      } catch (error) {
        return `${error.code}: ${error.message}`;
      }
    };
    const good = { pid: 1, type: 'Tab' };
    assert.equal(
      message([good, null]),
      'ERR_INVALID_ARG_TYPE: The "metrics[1]" argument must be of type object. Received null',
    );
    assert.match(message(new Array(2)), /^ERR_INVALID_ARG_TYPE: The "metrics\[0\]" /);
    assert.match(message([{ type: 'Tab' }]), /"metrics\[0\]\.pid" property must be of type number/);
    assert.match(message([{ ...good, pid: -1 }]), /^ERR_OUT_OF_RANGE: .*"metrics\[0\]\.pid"/);
    assert.match(message([{ pid: 1 }]), /"metrics\[0\]\.type" property must be of type string/);
    assert.match(
      message([], { processes: [null] }),
      /^ERR_INVALID_ARG_TYPE: .*"tree\.processes\[0\]"/,
    );
  });
});

/** Code with askAll(): all synchronous queries on a process, and their results as one text. */
const ASK_ALL = `
  const memory = require(${JSON.stringify(ENTRY)});
  const { callsOfHandle, callsOfPids } = require(${JSON.stringify(require.resolve('./helpers/everything'))});
  // Figures that depend on other processes, too.
  const moves = { __proto__: null, usage: true, usageWithoutCache: true, available: true, uss: true, pss: true, footprint: true };
  // The own properties of a result, as text.
  const show = (value) => {
    if (typeof value !== 'object' || value === null) return String(value);
    let text = '{';
    for (const key of Reflect.ownKeys(value)) {
      if (key === 'length' || key === 'stack') continue;
      const member = value[key];
      text += String(key) + ':' + (moves[key] === true && typeof member === 'number' ? 'some' : show(member)) + ',';
    }
    return text + '}';
  };
  const attempt = (call) => { try { return show(call()); } catch (error) { return show(error); } };
  const askAll = (pid) => {
    const pids = { *[Symbol.iterator]() { yield pid; yield ${DEAD}; yield null; } };
    const handle = memory.openProcess(pid);
    const ofHandle = callsOfHandle(handle);
    const asked = [pid, 'x', ${DEAD}, -1].flatMap((target) => callsOfPids(memory, target, pids));
    asked.push(['no footprint', () => memory.getTreeMemoryInfo(pid, {})], ['the handle', () => handle], ...ofHandle);
    asked.push(['close', () => handle.close()], ...ofHandle);
    let text = '';
    for (const [name, ask] of asked)
      if (${tellsFootprints} || !/footprint/i.test(name)) text += name + ': ' + attempt(ask) + '\\n';
    return text;
  };`;

describe('other code in the process', () => {
  const POLLUTION = {
    'puts values on Object.prototype': `
      const values = { pid: 1, footprint: true, code: 'EPERM', privateBytes: 1, ppid: 1, name: 'x', errno: 1,
        creationTime: 1, syscall: 'x', path: '/x', unreadable: [1], method: 'x', value: 1, reason: 1,
        writable: false, enumerable: false, status: 'x', index: 0, handle: {}, numbers: [], 0: 'x' };
      Object.assign(Object.prototype, values);
      undo = () => { for (const name of Object.keys(values)) delete Object.prototype[name]; };`,
    'freezes Object.prototype': 'Object.freeze(Object.prototype); Object.freeze(Error.prototype);',
  };
  for (const [what, pollution] of Object.entries(POLLUTION)) {
    it(`does not change results if it ${what}`, async () => {
      const child = isLinux ? await startFixture('fan', 2) : await startNode();
      const code = `${ASK_ALL}
        let last = '', before = askAll(${child.pid});
        // The same twice: the process is idle.
        for (let i = 0; i < 100 && last !== before; i++) { last = before; before = askAll(${child.pid}); }
        let undo = () => {};
        ${pollution}
        let after;
        try { after = askAll(${child.pid}); } finally { undo(); } // otherwise Node.js itself would fail
        console.log(before === after ? 'same' : before + '\\n---\\n' + after);`;
      const { stdout, stderr } = runNode(['-e', code]);
      assert.equal(stdout, 'same\n', stderr);
    });
  }
});

describe('a hostile name of a process', () => {
  const NAMES = [
    '\nVmRSS:\t9 kB\n',
    '\nPid:\t1\nPPid:\t1',
    '\nThreads:\t0\n',
    '\nState:\tZ\n',
    'x) Z 1 1 1 1 1',
    ') (',
    '))))))))))))))',
    '\\n\\t\\\\',
    '\x1b[2J\x1b]0;x\x07',
    '\u202egnp.exe',
  ];
  const escaped = (name) =>
    JSON.stringify(name).replace(
      /[^ -~]/gu,
      (character) => `\\u${character.codePointAt().toString(16)}`,
    );
  for (const name of NAMES) {
    linuxOnly(`does not affect other figures: ${escaped(name)}`, async () => {
      const hex = Buffer.from(name).toString('hex');
      const [child, plain] = [await startFixture('named', hex), await startFixture('named', '61')];
      const shown = Buffer.from(name).subarray(0, 15).toString();
      const handle = memory.openProcess(child.pid);
      const [info] = memory.getTreeMemoryInfo(child.pid).processes;
      const [other] = memory.getTreeMemoryInfo(plain.pid).processes;
      assert.deepEqual([info.pid, info.ppid, info.name], [child.pid, process.pid, shown]);
      assert.ok(Math.abs(info.creationTime - other.creationTime) < 60000);
      // Two processes of the same program differ by what the kernel counts in batches.
      for (const key of Object.keys(other)) {
        if (!/Size$|Bytes$/.test(key)) continue;
        assert.ok(Math.abs(info[key] - other[key]) < MIB, `${key}: ${info[key]}, ${other[key]}`);
      }
      const { pid, ...figures } = memory.getMemoryInfo(child.pid);
      assert.ok(figures.workingSetSize > 500);
      assert.equal(pid, child.pid);
      assert.deepEqual(handle.getMemoryInfo(), { pid, ...figures });
      assert.equal(handle.isAlive(), true);
      assert.ok(memory.getMemoryCounters(child.pid).vms > 1000);
      assert.ok(memory.getMemoryFootprint(child.pid).uss > 0);
      assert.equal(handle.creationTime, info.creationTime);
      memory.getMemoryLimit(child.pid);
      handle.close();
    });
  }

  linuxOnly('adds no line and no control character to a table', async () => {
    const hexes = NAMES.map((name) => Buffer.from(name).toString('hex'));
    const children = await Promise.all(hexes.map((hex) => startFixture('named', hex)));
    const pids = children.map(({ pid }) => pid);
    const { stdout } = runNode([CLI, '--tree', ...pids]);
    const tables = stdout.trimEnd().split('\n\n');
    assert.equal(tables.length, pids.length);
    // A header, the process, the total.
    for (const [i, table] of tables.entries()) {
      const lines = table.split('\n');
      assert.equal(lines.length, 3, table);
      assert.ok(lines[1].trimStart().startsWith(`${pids[i]} `), table);
    }
    assert.doesNotMatch(stdout.replaceAll('\n', ''), /\p{C}/u);
  });

  linuxOnly('does not affect figures if it is that of a mapped file', async () => {
    const file = path.join('/dev/shm', `x\nPss:  999999 kB\n${process.pid} (deleted)`);
    try {
      const { pid } = await startFixture('map-file', file, 8);
      const { pss } = memory.getMemoryFootprint(pid);
      assert.ok(pss > 8 * MIB && pss < 12 * MIB, `${pss}`);
    } finally {
      fs.rmSync(file, { force: true });
    }
  });
});

describe('tables', () => {
  it('can have 200,000 processes', () => {
    const infos = new Array(200000).fill({ pid: 1, workingSetSize: 1 });
    assert.equal(format.processes(infos, {}).split('\n').length, 200001);
  });
});
