'use strict';

// The environment for programs that are not Node: a sanitizer's library that is loaded into every Node process, for
// the addon's sake, has no business in them.

const { LD_PRELOAD, ...plainEnv } = process.env;

module.exports = { plainEnv };
