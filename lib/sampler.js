'use strict';

// The entry point process-memory-info/sampler. lib/sampler.d.ts documents it.

const { assertNoGrowth, measureGrowth } = require('./sampler/growth');
const { samplerOptions } = require('./sampler/options');
const { Sampler } = require('./sampler/sampler');
const { resolve } = require('./sampler/target');

function sample(target, options = undefined) {
  const checked = samplerOptions(options);
  return new Sampler(resolve(target), checked);
}

module.exports = { assertNoGrowth, measureGrowth, sample };
