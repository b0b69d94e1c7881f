'use strict';

// Under a sanitizer, its library is loaded into every Node.js process for the addon's sake.

const { LD_PRELOAD, ...plainEnv } = process.env;

/** The environment with one more library to load. */
const withPreloaded = (library) => ({
  ...plainEnv,
  LD_PRELOAD: LD_PRELOAD === undefined ? library : `${LD_PRELOAD}:${library}`,
});

/** `plainEnv` is for programs other than Node.js, which do without the sanitizer. */
module.exports = { plainEnv, withPreloaded };
