'use strict';

// The entry point process-memory-info/sampler. lib/sampler.d.ts documents it.

const { assertNoGrowth, measureGrowth } = require('./sampler/growth');
const { sample } = require('./sampler/sample');

module.exports = { assertNoGrowth, measureGrowth, sample };
