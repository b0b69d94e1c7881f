'use strict';

// The only place that loads the native addon: the one that was built here, or else the prebuilt one for this system.

const fs = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');

const nodeGypBuild = require('node-gyp-build');

const BUILD = "'npx --no process-memory-info-build'";

/** Where the binaries are: the package's folder or, where a bundler put this file into another, that one's folder. */
function folder() {
  const root = path.join(__dirname, '..');
  return fs.existsSync(path.join(root, 'lib/binding.js')) ? root : __dirname;
}

/**
 * Whether this program was linked with musl. node-gyp-build takes that to be so on Alpine alone; but every program
 * names its loader, /lib/ld-musl-x86_64.so.1 or the like, near its beginning.
 */
function runsOnMusl() {
  try {
    const head = Buffer.alloc(4096);
    const descriptor = fs.openSync(process.execPath, 'r');
    try {
      fs.readSync(descriptor, head, 0, head.length, 0);
    } finally {
      fs.closeSync(descriptor);
    }
    return head.includes('/ld-musl-');
  } catch {
    return false; // it may not be read, so that node-gyp-build's guess has to do
  }
}

function find() {
  let file;
  try {
    file = nodeGypBuild.resolve(folder());
  } catch (cause) {
    const system = `${process.platform}-${process.arch}`;
    throw new Error(
      `process-memory-info has no binary for ${system}: run ${BUILD} to build it from source`,
      { cause },
    );
  }
  if (file.endsWith('.glibc.node') && process.env.LIBC === undefined && runsOnMusl())
    return file.replace(/glibc\.node$/, 'musl.node');
  return file;
}

function load(file) {
  try {
    return createRequire(file)(file);
  } catch (cause) {
    if (cause.name === 'NotCapable') throw cause; // Deno says itself which permission it takes
    const why =
      cause.code === 'ERR_DLOPEN_DISABLED'
        ? 'Node.js does not load addons here: with --permission it takes --allow-addons, too'
        : `its binary does not load on ${process.platform}-${process.arch}: ${cause.message}; ` +
          `run ${BUILD} to build it from source`;
    const error = new Error(`process-memory-info: ${why}`, { cause });
    if (cause.code !== undefined) error.code = cause.code;
    throw error;
  }
}

module.exports = load(find());
