'use strict';

// The entry point process-memory-info/addon. lib/addon.d.ts documents it.

const { useAddon } = require('./binding');

module.exports = { useAddon };
