'use strict';

// Values of psutil for comparison, on Linux. Requires Debian's python3-psutil; tests without it are skipped, but not in
// CI.

const { execFileSync, spawnSync } = require('node:child_process');

const { plainEnv } = require('./plain-env');

const PYTHON = '/usr/bin/python3';

const isLinux = process.platform === 'linux';
const hasPsutil =
  isLinux && spawnSync(PYTHON, ['-c', 'import psutil'], { env: plainEnv }).status === 0;

if (isLinux && !hasPsutil && process.env.CI)
  throw new Error('CI needs psutil: apt-get install python3-psutil');

/** The fields of the result of a psutil.Process method, in bytes. */
function psutil(pid, method) {
  const code = `import json, psutil; print(json.dumps(psutil.Process(${pid}).${method}()._asdict()))`;
  return JSON.parse(execFileSync(PYTHON, ['-c', code], { encoding: 'utf8', env: plainEnv }));
}

module.exports = { hasPsutil, psutil };
