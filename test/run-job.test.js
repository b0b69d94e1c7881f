'use strict';

// The job of memory-info run on Windows.

const assert = require('node:assert/strict');

const { recordCommand } = require('./helpers/cli');

const MIB = 1024;

(process.platform === 'win32' ? describe : describe.skip)('the job of memory-info run', () => {
  const program = ['--', process.execPath, '-e', 'Buffer.alloc(200 << 20, 1)'];

  it('reports the peak between samples, or why it is unknown', async () => {
    const { status, summary, stderr } = await recordCommand(['-i', '10s', ...program]);
    assert.equal(status, 0, stderr);
    const { by, source, peak, why } = summary.exact;
    if (why !== undefined) {
      assert.ok(stderr.includes(`peaks between samples were not counted: ${why}`), stderr);
      return; // Wine, where jobs are not nested
    }
    assert.deepEqual([by, source], ['job', 'PeakJobMemoryUsed']);
    assert.ok(peak > 200 * MIB && peak < 400 * MIB, `${peak} KiB`);
  });

  it('ends the command if the peak is required but unavailable', async () => {
    const { status, stderr, records } = await recordCommand(['--exact', 'require', ...program]);
    if (status === 0) return;
    assert.equal(status, 125);
    assert.match(stderr, /^memory-info: \w+, \w+\r?\n$/);
    assert.deepEqual(records, []);
  });
});
