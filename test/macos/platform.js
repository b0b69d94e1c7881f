'use strict';

// Preloaded into every Node.js process by test/macos/run.sh: what JavaScript sees of macOS.

const fs = require('node:fs');
const os = require('node:os');

Object.defineProperty(process, 'platform', {
  ...Object.getOwnPropertyDescriptor(process, 'platform'),
  value: 'darwin',
});
os.platform = () => 'darwin';
os.type = () => 'Darwin';
// There it is not the available memory, as it is on Linux.
os.freemem = () => {
  const [, kib] = /^MemFree: +(\d+)/m.exec(fs.readFileSync('/proc/meminfo', 'utf8'));
  return Number(kib) * 1024;
};
