'use strict';

// Under a sanitizer, its library is preloaded into every Node.js process for the addon.

const { LD_PRELOAD, ...plainEnv } = process.env;

/** The environment with one more preloaded library. */
const withPreloaded = (library) => ({
  ...plainEnv,
  LD_PRELOAD: LD_PRELOAD === undefined ? library : `${LD_PRELOAD}:${library}`,
});

/** `plainEnv` is for programs other than Node.js, which run without the sanitizer. */
module.exports = { plainEnv, withPreloaded };
