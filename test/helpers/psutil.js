'use strict';

// What psutil says, for comparison. Debian's python3-psutil; elsewhere the tests that need it are skipped, but not in CI.
// On Windows they always are: a psutil of the host of a Wine process knows nothing of its pids.

const { execFileSync, spawnSync } = require('node:child_process');

const { plainEnv } = require('./plain-env');

const PYTHON = '/usr/bin/python3';

const hasPsutil =
  process.platform !== 'win32' &&
  spawnSync(PYTHON, ['-c', 'import psutil'], { env: plainEnv }).status === 0;

if (!hasPsutil && process.env.CI && process.platform !== 'win32')
  throw new Error('CI needs psutil: apt-get install python3-psutil');

/** The fields of a method of psutil.Process, in bytes. */
function psutil(pid, method) {
  const code = `import json, psutil; print(json.dumps(psutil.Process(${pid}).${method}()._asdict()))`;
  return JSON.parse(execFileSync(PYTHON, ['-c', code], { encoding: 'utf8', env: plainEnv }));
}

module.exports = { hasPsutil, psutil };
