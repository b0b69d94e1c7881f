'use strict';

const { samplerOptions } = require('./options');
const { Sampler } = require('./sampler');
const { resolve } = require('./target');

function sample(target, options = undefined) {
  const checked = samplerOptions(options);
  return new Sampler(resolve(target), checked);
}

module.exports = { sample };
