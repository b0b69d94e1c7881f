'use strict';

// Windows only.

const assert = require('node:assert/strict');
const path = require('node:path');

const { startNode } = require('./helpers/child');
const { eventually } = require('./helpers/eventually');
const { tellsFootprints } = require('./helpers/abilities');
const { forms } = require('./helpers/forms');

const MIB = 1024;
const onWindows = process.platform === 'win32' ? describe : describe.skip;

// Members of PROCESS_MEMORY_COUNTERS_EX.
const COUNTERS = [
  'pageFaultCount',
  'peakWorkingSetSize',
  'workingSetSize',
  'quotaPeakPagedPoolUsage',
  'quotaPagedPoolUsage',
  'quotaPeakNonPagedPoolUsage',
  'quotaNonPagedPoolUsage',
  'pagefileUsage',
  'peakPagefileUsage',
  'privateUsage',
];

for (const { form, api } of forms) {
  onWindows(`Windows: ${form}`, () => {
    it('has all the counters of PROCESS_MEMORY_COUNTERS_EX', async () => {
      const counters = await api.getMemoryCounters();
      assert.deepEqual(Object.keys(counters).slice(0, 12), ['pid', 'platform', ...COUNTERS]);
      assert.equal(counters.platform, 'win32');
      assert.ok(counters.privateUsage > 5 * MIB);
      assert.ok(counters.peakPagefileUsage >= counters.pagefileUsage);
    });

    it('reports committed memory as privateBytes', async () => {
      const child = await startNode();
      await eventually(async () => {
        const counters = await api.getMemoryCounters(child.pid);
        const info = await api.getMemoryInfo(child.pid);
        assert.equal(info.workingSetSize, counters.workingSetSize);
        assert.equal(info.peakWorkingSetSize, counters.peakWorkingSetSize);
        assert.equal(info.privateBytes, counters.privateUsage);
      });
    });

    it('names processes by their programs, with the extension', async () => {
      const [root] = (await api.getTreeMemoryInfo()).processes;
      assert.equal(root.name.toLowerCase(), path.basename(process.execPath).toLowerCase());
      assert.equal(root.ppid, process.ppid);
    });

    it('reports committed memory, and swap if page files are listed', async () => {
      const info = await api.getSystemMemoryInfo();
      const swap = 'swapTotal' in info ? ['swapTotal', 'swapFree'] : [];
      assert.deepEqual(Object.keys(info), [
        'total',
        'free',
        'available',
        ...swap,
        'commitLimit',
        'commitUsed',
      ]);
      assert.ok(info.commitLimit >= info.commitUsed);
      assert.ok(swap.length === 0 || info.swapTotal >= info.swapFree);
    });

    it('never reports a complete limit of a process in a job', async () => {
      const child = await startNode();
      const limit = await api.getMemoryLimit(child.pid).catch((error) => error.code);
      if (limit !== null && limit !== 'ENOSYS') {
        assert.equal(limit.complete, false);
        assert.ok(limit.available >= 0);
      }
    });

    it('rejects pids without a process with ESRCH', async () => {
      for (const pid of [process.pid + 1, process.pid + 2, process.pid + 3, 0xfffffffc]) {
        await assert.rejects(api.getMemoryInfo(pid), { code: 'ESRCH', pid });
      }
    });

    (tellsFootprints ? it.skip : it)('fails with ENOSYS for a footprint in Wine', async () => {
      await assert.rejects(api.getMemoryFootprint(), {
        code: 'ENOSYS',
        syscall: 'QueryWorkingSet',
        pid: process.pid,
      });
      const { processes, total } = await api.getTreeMemoryInfo(process.pid, { footprint: true });
      assert.equal(processes[0].footprint.code, 'ENOSYS');
      assert.match(processes[0].footprint.method, /^(private_usage|working_set_size)$/);
      assert.deepEqual([total.footprint.covered, total.footprint.of], [0, processes.length]);
    });
  });
}
