'use strict';

const fs = require('node:fs');

/** Whether this user may choose the pid of the next process. */
function mayChoosePids() {
  if (process.platform !== 'linux') return false;
  const file = '/proc/sys/kernel/ns_last_pid'; // writing may fail although its mode allows it
  try {
    fs.writeFileSync(file, fs.readFileSync(file));
    return true;
  } catch {
    return false;
  }
}

module.exports = { mayChoosePids };
