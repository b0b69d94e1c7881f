'use strict';

// Loads the native addon (src/binding.cc): the one given to useAddon(), else the local build, else the prebuilt one.

const fs = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');

const { invalidArgType, invalidState } = require('./errors');

const BUILD = "'npx --no process-memory-info-build'";
// The output of node-gyp and process-memory-info-build. Not a literal in require(), because bundlers would not find it.
// Bundled as an ES module, there is no __dirname, and no local build either.
const BUILT =
  typeof __dirname === 'string'
    ? path.join(__dirname, '../build/Release/process_memory_info.node')
    : undefined;

// The binaries, those of scripts/prebuilds/targets.js. Bundlers and tracers find files by literal paths in require().
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

/** Whether this is our addon, and not another one with the same name. */
const isAddon = (value) =>
  ['readMemory', 'readTree', 'openHandle'].every((name) => typeof value?.[name] === 'function');

/** The C library of the running program. Its first bytes name its dynamic loader, such as /lib/ld-musl-x86_64.so.1. */
function libc() {
  try {
    const head = Buffer.allocUnsafe(1024);
    const descriptor = fs.openSync(process.execPath, 'r');
    try {
      const text = head.latin1Slice(0, fs.readSync(descriptor, head, 0, head.length, 0));
      if (text.includes('/ld-linux')) return 'glibc';
      if (text.includes('/ld-musl-')) return 'musl';
    } finally {
      fs.closeSync(descriptor);
    }
  } catch {
    // --permission may forbid reading it
  }
  // Reliable, but takes several milliseconds.
  const header = process.report?.getReport().header;
  return header !== undefined && header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
}

/** The name of this system's binary in prebuilds/. */
function target() {
  const { platform, arch, config } = process;
  const processor = arch === 'arm' ? `armv${config.variables.arm_version}` : arch;
  if (platform !== 'linux') return `${platform}-${processor}`;
  return `${platform}-${processor}-${libc()}`;
}

function find() {
  if (BUILT !== undefined && fs.existsSync(BUILT)) {
    const addon = createRequire(BUILT)(BUILT);
    if (isAddon(addon)) return addon;
  }
  return prebuilds[target()]?.();
}

function failure(why, cause) {
  const error = new Error(`process-memory-info${why}`, { cause });
  if (cause?.code !== undefined) error.code = cause.code;
  return error;
}

/** The error for an addon that was not found or did not load. */
function explain(cause) {
  const system = `${process.platform}-${process.arch}`;
  if (cause === undefined || cause.code === 'MODULE_NOT_FOUND')
    return failure(` has no binary for ${system}: run ${BUILD} to build it from source`, cause);
  if (cause.name === 'NotCapable') return cause; // Deno names the missing permission
  if (cause.code === 'ERR_DLOPEN_DISABLED')
    return failure(
      ': Node.js may not load addons: --permission also requires --allow-addons',
      cause,
    );
  const message = cause.message.trim().replace(/\s+/g, ' '); // on Windows it ends in a line break
  return failure(
    `: the binary failed to load on ${system}: ${message}; run ${BUILD} to build it from source`,
    cause,
  );
}

let binding;

/** The addon, which is loaded once. */
function load() {
  if (binding === undefined) {
    try {
      binding = find();
    } catch (cause) {
      throw explain(cause);
    }
    if (binding === undefined) throw explain();
  }
  return binding;
}

/** Accepts the addon where load() would not find it. */
function useAddon(addon) {
  if (binding !== undefined) throw invalidState('the addon is already loaded');
  const given = typeof addon === 'string' ? createRequire(addon)(addon) : addon;
  if (!isAddon(given))
    throw invalidArgType('addon', 'the addon of process-memory-info, or its path', addon);
  binding = given;
}

module.exports = { load, useAddon };
