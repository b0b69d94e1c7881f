'use strict';

// Loads the native addon (src/binding.cc): the one given to useAddon(), else the local build, else the prebuilt one.

const fs = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');

const { isAddon, prebuilds } = require('./prebuilds');

const BUILD = "'npx --no process-memory-info-build'";
// The output of node-gyp and process-memory-info-build. Not a literal in require(), because bundlers would not find it.
// Bundled as an ES module, there is no __dirname, and no local build either.
const BUILT =
  typeof __dirname === 'string'
    ? path.join(__dirname, '../build/Release/process_memory_info.node')
    : undefined;

/** The name of the dynamic loader in the first bytes of the running program, such as ld-musl-x86_64.so. */
function dynamicLoader() {
  const head = Buffer.alloc(1024);
  try {
    const descriptor = fs.openSync(process.execPath, 'r');
    try {
      fs.readSync(descriptor, head, 0, head.length, 0);
    } finally {
      fs.closeSync(descriptor);
    }
  } catch {
    return undefined; // --permission may forbid reading it
  }
  return /\bld[-.\w]*\.so/.exec(head.latin1Slice())?.[0];
}

function runsOnMusl() {
  const loader = dynamicLoader();
  if (loader !== undefined) return loader.startsWith('ld-musl-');
  // Reliable, but takes several milliseconds.
  const header = process.report?.getReport().header;
  return header !== undefined && header.glibcVersionRuntime === undefined;
}

/** The name of this system's binary in prebuilds/. */
function target() {
  const { platform, arch, config } = process;
  const processor = arch === 'arm' ? `armv${config.variables.arm_version}` : arch;
  if (platform !== 'linux') return `${platform}-${processor}`;
  return `${platform}-${processor}-${runsOnMusl() ? 'musl' : 'glibc'}`;
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

function load() {
  if (prebuilds.handedOver !== undefined) return prebuilds.handedOver;
  let addon;
  try {
    addon = find();
  } catch (cause) {
    throw explain(cause);
  }
  if (addon === undefined) throw explain();
  return addon;
}

module.exports = load();
Object.freeze(prebuilds); // from now on useAddon() throws
