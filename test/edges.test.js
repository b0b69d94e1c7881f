'use strict';

// Memory that is easily missed or counted twice: swapped out, in huge pages, beyond 32 bits.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const memory = require('..');
const { startFixture } = require('./helpers/child');
const { eventually } = require('./helpers/eventually');
const { plainEnv } = require('./helpers/plain-env');
const { skip } = require('./helpers/skip');

const MIB = 1024;
const GIB = 1024 * MIB;
const HUGE_PAGES = '/proc/sys/vm/nr_hugepages';
const linuxOnly = process.platform === 'linux' ? it : it.skip;

// Swap space and huge pages belong to the whole machine, so this test is opt-in.
const askFirst = (test) =>
  process.env.PMI_TEST_SYSTEM === '1' ||
  skip(test, 'it changes the system: requires PMI_TEST_SYSTEM=1');

const succeeds = (command, ...args) => spawnSync(command, args, { env: plainEnv }).status === 0;

describe('a process', () => {
  linuxOnly('with more than 4 GiB resident shows all of it', async () => {
    const { pid } = await startFixture('large', 6);
    const info = memory.getMemoryInfo(pid);
    assert.ok(
      info.workingSetSize > 6 * GIB && info.workingSetSize < 6.1 * GIB,
      `${info.workingSetSize}`,
    );
    assert.ok(info.sharedBytes > 6 * GIB);
    assert.ok(info.peakWorkingSetSize >= info.workingSetSize);
    assert.ok(memory.getMemoryCounters(pid).vms > 6 * GIB);
    // The same 64 MiB, mapped 96 times by one process, and not shared with any other.
    assert.ok(memory.getMemoryFootprint(pid).pss > 60 * MIB);
  });

  linuxOnly(
    'that is swapped out shows it as swap (with PMI_TEST_SYSTEM=1, and the right to add swap space)',
    async function () {
      askFirst(this);
      const swapFile = path.join(os.tmpdir(), `process-memory-info-swap-${process.pid}`);
      let added = false;
      try {
        if (memory.getSystemMemoryInfo().swapFree < 64 * MIB) {
          fs.writeFileSync(swapFile, Buffer.alloc(96 * 1024 * 1024), { mode: 0o600 });
          added = succeeds('mkswap', swapFile) && succeeds('swapon', swapFile);
          if (!added) skip(this, 'swap space cannot be added');
        }
        const { pid } = await startFixture('swapped', 40);
        await eventually(() => {
          assert.ok(memory.getMemoryInfo(pid).privateBytes < 5 * MIB);
          assert.ok(memory.getMemoryCounters(pid).swap > 39 * MIB);
          const { uss, swap, swapPss, footprint } = memory.getMemoryFootprint(pid);
          assert.ok(uss < 5 * MIB);
          assert.ok(swap > 39 * MIB && swapPss > 39 * MIB && footprint > 39 * MIB);
        });

        // For swapped shared memory the kernel reports neither a proportional share nor VmSwap.
        const shared = await startFixture('swapped-shared', 40);
        await eventually(() => {
          assert.equal(memory.getMemoryCounters(shared.pid).swap, 0);
          const { swap, swapPss, footprint } = memory.getMemoryFootprint(shared.pid);
          assert.ok(swap > 39 * MIB && swapPss === 0 && footprint < 5 * MIB);
        });
      } finally {
        if (added) succeeds('swapoff', swapFile);
        fs.rmSync(swapFile, { force: true });
      }
    },
  );

  linuxOnly(
    'with huge pages shows them as such (with PMI_TEST_SYSTEM=1, and the right to reserve them)',
    async function () {
      askFirst(this);
      const before = fs.readFileSync(HUGE_PAGES, 'utf8');
      try {
        fs.writeFileSync(HUGE_PAGES, String(Number(before) + 16));
      } catch (error) {
        skip(this, error.message);
      }
      try {
        const { pid } = await startFixture('hugetlb', 20);
        // The kernel counts them in no resident size, only here and in two values of the footprint.
        assert.equal(memory.getMemoryCounters(pid).hugetlb, 20 * MIB);
        assert.ok(memory.getMemoryInfo(pid).workingSetSize < 10 * MIB);
        const { uss, pss, hugetlb, footprint } = memory.getMemoryFootprint(pid);
        assert.equal(hugetlb, 20 * MIB);
        assert.ok(uss > 20 * MIB && pss < 10 * MIB && footprint < 10 * MIB);
      } finally {
        fs.writeFileSync(HUGE_PAGES, before);
      }
    },
  );
});
