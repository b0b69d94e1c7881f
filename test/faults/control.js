'use strict';

// Controls shim.c by a file that is mapped there and written here.

const fs = require('node:fs');
const os = require('node:os');

const SIZE = 56;
const ORDERS = 40; // what is written; the rest is read

/** The calls that can be made to fail, as numbered by shim.c. */
const CALLS = { open: 1, read: 2, list: 4, close: 8, allocate: 16, directory: 32, look: 64 };

const fd = fs.openSync(process.env.PMI_FAULTS, 'r+');
const bytes = Buffer.alloc(SIZE);

/** Finds the addresses of the addon. */
function findAddon() {
  const lines = fs
    .readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('/process_memory_info.node'));
  if (lines.length === 0) throw new Error('the addon is not loaded');
  const [first] = lines[0].split('-');
  const [, last] = lines.at(-1).split(' ')[0].split('-');
  bytes.writeBigUInt64LE(BigInt(`0x${first}`), 0);
  bytes.writeBigUInt64LE(BigInt(`0x${last}`), 8);
}

function order({ calls = 0, skip = 0, code, lasting = false, atMost = 0, counting = 1 }) {
  const osError = code === undefined ? 0 : os.constants.errno[code];
  [calls, skip, osError, Number(lasting), atMost, counting, 0, 0].forEach((value, index) => {
    bytes.writeUInt32LE(value, 16 + index * 4);
  });
  fs.writeSync(fd, bytes, 0, ORDERS + 8, 0);
}

function read() {
  fs.readSync(fd, bytes, ORDERS, SIZE - ORDERS, ORDERS);
  return {
    met: bytes.readUInt32LE(40),
    fired: bytes.readUInt32LE(44) !== 0,
    allocations: bytes.readInt32LE(48),
    descriptors: bytes.readInt32LE(52),
  };
}

/** Starts counting the allocations and descriptors of the addon. */
function begin() {
  findAddon();
  order({});
}

/** Arms a fault: {calls, skip, code, lasting, atMost}. */
const arm = (fault) => order(fault);

/** Disarms the fault, and returns its result. */
function disarm() {
  const result = read();
  order({});
  return result;
}

module.exports = { CALLS, arm, begin, disarm, read };
