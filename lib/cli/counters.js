'use strict';

const { openProcess } = require('../index');

/** The counters of a process that was read before; undefined if it has exited since, even if its pid was reused. */
function countersOf({ pid, creationTime }) {
  let handle;
  try {
    handle = openProcess(pid);
    return handle.creationTime === creationTime ? handle.getMemoryCounters() : undefined;
  } catch (error) {
    if (error.code === 'ESRCH') return undefined;
    throw error;
  } finally {
    handle?.close();
  }
}

module.exports = { countersOf };
