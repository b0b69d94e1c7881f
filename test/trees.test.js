'use strict';

// Several trees at once, every process of the machine, and the tree of a handle.

const assert = require('node:assert/strict');

const memory = require('..');
const { startNode, startFixture } = require('./helpers/child');
const { eventually } = require('./helpers/eventually');
const { forms } = require('./helpers/forms');

const NO_PID = 2 ** 32 - 1;
const family = () =>
  startNode(
    "require('node:child_process').spawn(process.execPath, ['-e', 'process.stdin.resume()'])",
  );
const pidsOf = ({ processes }) => processes.map(({ pid }) => pid);

for (const { form, api } of forms) {
  describe(`several trees: ${form}`, () => {
    it('are the same as one by one, even if they overlap', async () => {
      const child = await family();
      await eventually(async () => {
        const [own, below] = await api.getTreeMemoryInfoBatch([process.pid, child.pid]);
        assert.equal(own.value.pid, process.pid);
        assert.deepEqual(pidsOf(own.value), pidsOf(await api.getTreeMemoryInfo(process.pid)));
        assert.equal(below.value.total.processes, 2);
        assert.ok(pidsOf(below.value).every((pid) => pidsOf(own.value).includes(pid)));
        assert.deepEqual(Object.keys(below.value), Object.keys(await api.getTreeMemoryInfo()));
      });
    });

    it('have an entry for each root, in order, also for roots without a process', async () => {
      const entries = await api.getTreeMemoryInfoBatch(new Set([NO_PID, process.pid, -1, 'x']));
      assert.deepEqual(
        entries.map(({ status, reason }) => reason?.code ?? status),
        ['ESRCH', 'fulfilled', 'ERR_OUT_OF_RANGE', 'ERR_INVALID_ARG_TYPE'],
      );
      assert.equal(entries[0].reason.pid, NO_PID);
      assert.deepEqual(await api.getTreeMemoryInfoBatch([]), []);
    });

    it('accept the same options as a single tree', async () => {
      const expected = { code: 'ERR_INVALID_ARG_TYPE' };
      await assert.rejects(api.getTreeMemoryInfoBatch([process.pid], { footprint: 1 }), expected);
      await assert.rejects(api.getTreeMemoryInfoBatch(process.pid), expected);
      await assert.rejects(api.getAllMemoryInfo(null), expected);
    });

    it('include every process of the machine, ordered by pid', async () => {
      const child = await startNode();
      const { processes, total, unreadable } = await api.getAllMemoryInfo();
      const pids = processes.map(({ pid }) => pid);
      assert.deepEqual(
        pids,
        [...pids].sort((a, b) => a - b),
      );
      assert.ok(pids.includes(process.pid) && pids.includes(child.pid));
      assert.equal(total.processes, processes.length);
      assert.ok(Array.isArray(unreadable));
      const found = processes.find(({ pid }) => pid === child.pid);
      const [alone] = (await api.getTreeMemoryInfo(child.pid)).processes;
      assert.equal(found.ppid, process.pid);
      assert.equal(found.creationTime, alone.creationTime);
    });

    it('can be read by handle until the process exits', async () => {
      const child = await family();
      const handle = await api.openProcess(child.pid);
      await eventually(async () => {
        const tree = await handle.getTreeMemoryInfo();
        assert.equal(tree.pid, child.pid);
        assert.equal(tree.total.processes, 2);
      });
      await child.stop();
      await eventually(() =>
        assert.rejects(async () => handle.getTreeMemoryInfo(), { code: 'ESRCH', pid: child.pid }),
      );
      handle.close();
      await assert.rejects(async () => handle.getTreeMemoryInfo(), { code: 'ERR_INVALID_STATE' });
    });

    it('report for each process whether it is alive, like isAlive()', async () => {
      const [own] = (await api.getTreeMemoryInfo()).processes;
      assert.equal(own.alive, true);
      if (process.platform !== 'linux') return;
      const child = await startFixture('zombie');
      const pid = Number(child.said[0]);
      const { processes } = await api.getTreeMemoryInfo(child.pid);
      assert.deepEqual(
        processes.map((info) => [info.pid, info.alive]),
        [
          [child.pid, true],
          [pid, false],
        ],
      );
      const handle = await api.openProcess(pid);
      assert.equal(await handle.isAlive(), false);
      handle.close();
    });
  });
}

describe('trees of footprints', () => {
  it('have equal footprints of a process in several trees', function () {
    try {
      memory.getMemoryFootprint();
    } catch {
      return this.skip(); // this system has no exact footprints
    }
    const options = { footprint: true };
    const entries = memory.getTreeMemoryInfoBatch([process.pid, process.pid], options);
    for (const { value } of entries) assert.equal(value.total.footprint.of, value.processes.length);
    return undefined;
  });
});
