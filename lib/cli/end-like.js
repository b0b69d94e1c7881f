'use strict';

// Ends this process with the exit code or signal of another one, bypassing our own signal handlers.

const os = require('node:os');

const binding = require('../binding').load();

function endLike({ exitCode, signal }) {
  if (signal === undefined) process.exit(exitCode);
  const number = typeof signal === 'number' ? signal : os.constants.signals[signal];
  process.removeAllListeners(signal);
  if (process.platform === 'linux') binding.dieBy(number);
  else process.kill(process.pid, number);
  process.exit(128 + number);
}

module.exports = { endLike };
