'use strict';

// Written by scripts/prebuilds/map.js. Bundlers and tracers find a file by a literal path in a call of require().

const prebuilds = {
  __proto__: null,
  'darwin-arm64': () => require('../prebuilds/darwin-arm64.node'),
  'darwin-x64': () => require('../prebuilds/darwin-x64.node'),
  'freebsd-x64': () => require('../prebuilds/freebsd-x64.node'),
  'linux-arm64-glibc': () => require('../prebuilds/linux-arm64-glibc.node'),
  'linux-arm64-musl': () => require('../prebuilds/linux-arm64-musl.node'),
  'linux-armv7-glibc': () => require('../prebuilds/linux-armv7-glibc.node'),
  'linux-armv7-musl': () => require('../prebuilds/linux-armv7-musl.node'),
  'linux-riscv64-glibc': () => require('../prebuilds/linux-riscv64-glibc.node'),
  'linux-riscv64-musl': () => require('../prebuilds/linux-riscv64-musl.node'),
  'linux-x64-glibc': () => require('../prebuilds/linux-x64-glibc.node'),
  'linux-x64-musl': () => require('../prebuilds/linux-x64-musl.node'),
  'win32-arm64': () => require('../prebuilds/win32-arm64.node'),
  'win32-ia32': () => require('../prebuilds/win32-ia32.node'),
  'win32-x64': () => require('../prebuilds/win32-x64.node'),
};

/** Whether it is this package's addon, and not another's that has its name. */
const isAddon = (value) =>
  ['readMemory', 'readTree', 'openHandle'].every((name) => typeof value?.[name] === 'function');

module.exports = { isAddon, prebuilds };
