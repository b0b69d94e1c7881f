'use strict';

// A run of tests that is killed, so that it cannot end its processes itself.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');

const { eventually } = require('./eventually');

/** `start` is an expression for the promise of a Child. Checks that its process group ends with the one who started it. */
async function assertEndsWithItsRun(start) {
  const code = `${start}.then(({ pid }) => console.log(pid)); setInterval(() => {}, 1000);`;
  const run = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const group = -Number(await once(run.stdout, 'data'));
  try {
    run.kill('SIGKILL');
    await eventually(() => assert.throws(() => process.kill(group, 0), { code: 'ESRCH' }));
  } finally {
    try {
      process.kill(group, 'SIGKILL');
    } catch {}
  }
}

module.exports = { assertEndsWithItsRun };
