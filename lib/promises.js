'use strict';

// The entry point process-memory-info/promises. lib/promises.d.ts documents it.

const { promises } = require('./index');

const {
  getAllMemoryInfo,
  getMemoryCounters,
  getMemoryFootprint,
  getMemoryInfo,
  getMemoryInfoBatch,
  getMemoryLimit,
  getSystemMemoryInfo,
  getTreeMemoryInfo,
  getTreeMemoryInfoBatch,
  openProcess,
} = promises;

// ES modules get the names that are in this text; everyone gets the object that the main entry exports.
module.exports = {
  getAllMemoryInfo,
  getMemoryCounters,
  getMemoryFootprint,
  getMemoryInfo,
  getMemoryInfoBatch,
  getMemoryLimit,
  getSystemMemoryInfo,
  getTreeMemoryInfo,
  getTreeMemoryInfoBatch,
  openProcess,
};
module.exports = promises;
