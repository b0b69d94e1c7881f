'use strict';

// The only place that loads the native addon.

const file = '../build/Release/process_memory_info.node';

try {
  module.exports = require(file);
} catch (error) {
  if (error.code !== 'MODULE_NOT_FOUND') throw error;
  throw new Error(
    `process-memory-info has no binary for ${process.platform}-${process.arch}: ` +
      "run 'npm run build' in the package's folder (it needs a C and C++ compiler)",
    { cause: error },
  );
}
