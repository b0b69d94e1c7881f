'use strict';

// The only place that loads the native addon.

const file = '../build/Release/process_memory_info.node';

try {
  module.exports = require(file);
} catch (error) {
  if (error.code !== 'MODULE_NOT_FOUND') throw error;
  throw new Error(
    `process-memory-info has not been built for ${process.platform}-${process.arch}: ` +
      "run 'npm explore process-memory-info -- npx node-gyp@12 rebuild'",
    { cause: error },
  );
}
