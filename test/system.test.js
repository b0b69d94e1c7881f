'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');

const { eventually } = require('./helpers/eventually');
const { forms } = require('./helpers/forms');

for (const { form, api } of forms) {
  describe(`getSystemMemoryInfo: ${form}`, () => {
    it('agrees with node:os', async () => {
      const info = await api.getSystemMemoryInfo();
      assert.equal(info.total, Math.floor(os.totalmem() / 1024));
      await eventually(async () => {
        const { free, available = free } = await api.getSystemMemoryInfo();
        // The free memory of Node.js is the available memory, if the system reports that; but on macOS it is the free
        // memory, with pages that were read ahead.
        const least = process.platform === 'darwin' ? free : available;
        const theirs = os.freemem() / 1024;
        assert.ok(theirs > least - 64 * 1024 && theirs < available + 64 * 1024, `${theirs}`);
      });
      for (const [key, value] of Object.entries(info)) {
        assert.ok(Number.isSafeInteger(value) && value >= 0, `${key} is ${value}`);
      }
      assert.ok(info.free <= info.total);
    });

    (process.platform === 'linux' ? it : it.skip)('agrees with /proc/meminfo', async () => {
      const text = fs.readFileSync('/proc/meminfo', 'utf8');
      const kib = (name) => Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(text)[1]);
      const info = await api.getSystemMemoryInfo();
      assert.deepEqual(Object.keys(info), ['total', 'free', 'available', 'swapTotal', 'swapFree']);
      assert.equal(info.total, kib('MemTotal'));
      assert.equal(info.swapTotal, kib('SwapTotal'));
      assert.equal(info.swapFree, kib('SwapFree'));
    });
  });
}
