'use strict';

// The contract of all platforms.

const assert = require('node:assert/strict');

const { startNode } = require('./helpers/child');
const { eventually } = require('./helpers/eventually');
const everything = require('./helpers/everything');
const { forms } = require('./helpers/forms');
const { plainEnv } = require('./helpers/plain-env');

const MIB = 1024;
const FIELDS = ['pid', 'workingSetSize', 'peakWorkingSetSize', 'privateBytes', 'sharedBytes'];

function assertMemoryInfo(info) {
  const keys = Object.keys(info).filter((key) => FIELDS.includes(key));
  assert.deepEqual(
    keys,
    FIELDS.filter((field) => field in info),
    'the fields are in order',
  );
  assert.ok(keys.includes('pid') && keys.includes('workingSetSize'));
  for (const key of keys) {
    assert.ok(Number.isSafeInteger(info[key]) && info[key] >= 0, `${key} is ${info[key]}`);
  }
  if (info.peakWorkingSetSize !== undefined) {
    assert.ok(
      info.peakWorkingSetSize >= info.workingSetSize,
      'the peak is at least the current size',
    );
  }
}

/** A child that allocates and frees `mib` MiB on request. */
function growing(mib) {
  const code = `
    let held;
    process.stdin.setEncoding('utf8').on('data', (line) => {
      held = line.startsWith('more') ? Buffer.alloc(${mib} * 1024 * 1024, 1) : undefined;
      if (held === undefined) globalThis.gc?.();
      console.log('done');
    });
  `;
  return startNode(code, { env: plainEnv });
}

for (const { form, api } of forms) {
  describe(`contract: ${form}`, () => {
    it('reads this process by default', async () => {
      const info = await api.getMemoryInfo();
      assert.equal(info.pid, process.pid);
      assertMemoryInfo(info);
      assert.ok(info.workingSetSize > 5 * MIB);
    });

    it('reads another process', async () => {
      const child = await startNode();
      const info = await api.getMemoryInfo(child.pid);
      assert.equal(info.pid, child.pid);
      assertMemoryInfo(info);
      assert.ok(info.workingSetSize > 5 * MIB);
    });

    it('reports 200 MiB that a child allocates and touches', async () => {
      const child = await growing(200);
      const before = await api.getMemoryInfo(child.pid);
      await child.ask('more');
      await eventually(async () => {
        const after = await api.getMemoryInfo(child.pid);
        for (const field of ['workingSetSize', 'privateBytes']) {
          if (after[field] === undefined) continue;
          const rise = (after[field] - before[field]) / (200 * MIB);
          assert.ok(rise > 0.95 && rise < 1.05, `${field} rose by ${rise} of it`);
        }
        assertMemoryInfo(after);
      });
    });

    it('rejects a pid that has exited with ESRCH', async () => {
      // Another process may get the pid.
      await eventually(async () => {
        const child = await startNode();
        await child.stop();
        const expected = { name: 'Error', code: 'ESRCH', pid: child.pid };
        await assert.rejects(api.getMemoryInfo(child.pid), expected);
        await assert.rejects(api.getTreeMemoryInfo(child.pid), expected);
      });
    });

    it('gives errors the form of Node’s own', async () => {
      await eventually(async () => {
        const child = await startNode();
        await child.stop();
        const own = (() => {
          try {
            process.kill(child.pid, 0);
          } catch (error) {
            return error;
          }
        })();
        await assert.rejects(api.getMemoryInfo(child.pid), (error) => {
          assert.equal(error.code, own.code);
          assert.equal(error.errno, own.errno);
          assert.equal(typeof error.syscall, 'string');
          assert.match(error.message, /^ESRCH: no such process, \w+/);
          return true;
        });
      });
    });

    it('accepts any iterable of pids, and keeps their order', async () => {
      const child = await startNode();
      const given = [child.pid, process.pid, child.pid];
      function* generate() {
        yield* given;
      }
      for (const pids of [
        given,
        Uint32Array.from(given),
        generate(),
        new Map([...given.entries()]).values(),
      ]) {
        const entries = await api.getMemoryInfoBatch(pids);
        assert.deepEqual(
          entries.map((entry) => [entry.status, entry.value.pid]),
          given.map((pid) => ['fulfilled', pid]),
        );
        for (const entry of entries) assertMemoryInfo(entry.value);
      }
      assert.deepEqual(await api.getMemoryInfoBatch([]), []);
    });

    it('reads the other pids of a batch if one is bad', async () => {
      const child = await startNode();
      await child.stop();
      const pids = [process.pid, child.pid, '1', -1, null, process.pid, 0.5, 2 ** 32, process.pid];
      const entries = await api.getMemoryInfoBatch(pids);
      assert.deepEqual(
        entries.map((entry) => entry.reason?.code ?? entry.value.pid),
        [
          process.pid,
          'ESRCH',
          'ERR_INVALID_ARG_TYPE',
          'ERR_OUT_OF_RANGE',
          'ERR_INVALID_ARG_TYPE',
          process.pid,
          'ERR_OUT_OF_RANGE',
          'ERR_OUT_OF_RANGE',
          process.pid,
        ],
      );
      for (const { status, value } of entries)
        assert.equal(status === 'fulfilled', value !== undefined);
      assert.equal(entries[1].reason.pid, child.pid);
      assert.match(entries[2].reason.message, /"pids\[2\]"/);
    });

    it('reads a tree, root first and parents before children', async () => {
      const child = await startNode(`
        require('node:child_process').spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: 'pipe' })
      `);
      await eventually(async () => {
        const tree = await api.getTreeMemoryInfo(process.pid);
        assert.equal(tree.pid, process.pid);
        assert.equal(tree.processes[0].pid, process.pid);
        const seen = new Set();
        for (const info of tree.processes) {
          assertMemoryInfo(info);
          assert.ok(
            seen.size === 0 || seen.has(info.ppid),
            `${info.pid} is listed after its parent`,
          );
          assert.ok(!seen.has(info.pid));
          seen.add(info.pid);
          assert.equal(typeof info.name, 'string');
          assert.ok(info.name.length > 0);
          assert.ok(
            Math.abs(Date.now() - info.creationTime) < 3600e3,
            'it was created in this hour',
          );
        }
        assert.ok(seen.has(child.pid));
        const grandchild = tree.processes.find((info) => info.ppid === child.pid);
        assert.ok(grandchild, 'the grandchild is there');
        assert.ok(
          grandchild.creationTime >=
            tree.processes.find(({ pid }) => pid === child.pid).creationTime,
        );
        assert.deepEqual(tree.unreadable, []);
      });
    });

    it('adds up the processes that it lists', async () => {
      await startNode();
      const { processes, total } = await api.getTreeMemoryInfo(process.pid);
      const sum = (field) => processes.reduce((all, info) => all + info[field], 0);
      assert.equal(total.processes, processes.length);
      assert.equal(total.workingSetSize, sum('workingSetSize'));
      if (total.privateBytes !== undefined) assert.equal(total.privateBytes, sum('privateBytes'));
    });

    it('reports the same creationTime for a process every time', async () => {
      const child = await startNode();
      const times = new Set();
      for (let i = 0; i < 200; i++) {
        times.add((await api.getTreeMemoryInfo(child.pid)).processes[0].creationTime);
      }
      assert.equal(times.size, 1);
      // With a boot time in whole seconds it is up to a second early.
      const age = Date.now() - [...times][0];
      assert.ok(age > 0 && age < 60e3, `${age} ms old`);
    });

    it('keeps the peak after the memory is freed', async () => {
      const child = await growing(100);
      await child.ask('more');
      await eventually(async () => {
        const { workingSetSize } = await api.getMemoryInfo(child.pid);
        assert.ok(workingSetSize > 100 * MIB);
      });
      const { peakWorkingSetSize } = await api.getMemoryInfo(child.pid);
      await child.ask('less');
      const after = await api.getMemoryInfo(child.pid);
      if (peakWorkingSetSize !== undefined)
        assert.ok(after.peakWorkingSetSize >= peakWorkingSetSize - 2 * MIB);
    });
  });
}

describe('the list of every call', () => {
  const { OF_A_HANDLE, OF_A_PID, OF_PIDS, OF_THE_MACHINE } = everything;
  const memory = require('..');

  it('has each function that reads memory', () => {
    for (const api of [memory, memory.promises]) {
      const listed = [...OF_A_PID, ...OF_PIDS, ...OF_THE_MACHINE].sort();
      assert.deepEqual(
        Object.keys(api)
          .filter((name) => /^(get|open)/.test(name))
          .sort(),
        listed,
      );
    }
  });

  it('has each method of a handle that reads', async () => {
    for (const api of [memory, memory.promises]) {
      const handle = await api.openProcess();
      const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(handle));
      assert.deepEqual(
        methods.filter((name) => /^(get|is)/.test(name)).sort(),
        [...OF_A_HANDLE].sort(),
      );
      handle.close();
    }
  });
});
