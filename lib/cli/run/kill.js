'use strict';

// Ends the command and all its descendants: first with SIGTERM, then with SIGKILL.

const { getTreeMemoryInfo } = require('../../index');

const GRACE_MS = 2000;

function signalAll(signal) {
  for (const { pid, alive } of getTreeMemoryInfo().processes) {
    if (pid === process.pid || alive === false) continue;
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error;
    }
  }
}

/** Repeats until the returned function is called, because terminating processes may start others. */
function killTree() {
  signalAll('SIGTERM');
  let timer = setTimeout(function insist() {
    signalAll('SIGKILL');
    timer = setTimeout(insist, 50);
  }, GRACE_MS);
  return () => clearTimeout(timer);
}

module.exports = { killTree };
