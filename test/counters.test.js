'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');

const { startNode, startFixture } = require('./helpers/child');
const { eventually } = require('./helpers/eventually');
const { forms } = require('./helpers/forms');
const { hasPsutil, psutil } = require('./helpers/psutil');

const LINUX = [
  'rss',
  'vms',
  'shared',
  'text',
  'lib',
  'data',
  'dirty',
  'anon',
  'file',
  'shmem',
  'swap',
  'peakRss',
  'peakVms',
  'stack',
  'pageTables',
  'locked',
  'pinned',
  'hugetlb',
  'minorFaults',
  'majorFaults',
];

for (const { form, api } of forms) {
  describe(`getMemoryCounters: ${form}`, () => {
    it('names the platform of its counters', async () => {
      const counters = await api.getMemoryCounters();
      assert.equal(counters.pid, process.pid);
      assert.equal(counters.platform, process.platform);
      assert.deepEqual(Object.keys(counters).slice(0, 2), ['pid', 'platform']);
      for (const [name, value] of Object.entries(counters)) {
        if (name !== 'platform')
          assert.ok(Number.isSafeInteger(value) && value >= 0, `${name} is ${value}`);
      }
    });

    it('rejects a pid that has exited with ESRCH', async () => {
      const child = await startNode();
      await child.stop();
      await assert.rejects(api.getMemoryCounters(child.pid), { code: 'ESRCH', pid: child.pid });
    });

    it('rejects a value that is not a pid', async () => {
      await assert.rejects(api.getMemoryCounters('1'), { code: 'ERR_INVALID_ARG_TYPE' });
      await assert.rejects(api.getMemoryCounters(-1), { code: 'ERR_OUT_OF_RANGE' });
    });

    (process.platform === 'linux' ? it : it.skip)('has all the counters of Linux', async () => {
      const counters = await api.getMemoryCounters();
      assert.deepEqual(Object.keys(counters).slice(2), LINUX);
      assert.ok(counters.minorFaults > 100);
      assert.ok(counters.peakVms >= counters.vms);
    });

    (hasPsutil ? it : it.skip)(
      'equals psutil’s memory_info(), field by field (requires psutil)',
      async () => {
        const { pid } = await startFixture('fan', 0);
        await eventually(async () => {
          const expected = psutil(pid, 'memory_info');
          const counters = await api.getMemoryCounters(pid);
          for (const [name, bytes] of Object.entries(expected)) {
            assert.equal(counters[name], Math.floor(bytes / 1024), name);
          }
          assert.deepEqual(Object.keys(expected), LINUX.slice(0, 7));
        });
      },
    );

    (process.platform === 'linux' ? it : it.skip)('counts the faults of all threads', async () => {
      const { pid } = await startFixture('leaderless', 20);
      const { minorFaults, anon } = await api.getMemoryCounters(pid);
      assert.ok(minorFaults >= 20 * 256 || fs.existsSync('/sys/kernel/mm/transparent_hugepage'));
      assert.ok(anon > 20 * 1024);
    });
  });
}
