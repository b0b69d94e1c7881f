'use strict';

// The entry point "addon": accepts the addon where require() would not find it. addon.d.ts documents it.

const { createRequire } = require('node:module');

const { invalidArgType, invalidState } = require('./errors');
const { isAddon, prebuilds } = require('./prebuilds');

function useAddon(addon) {
  if (Object.isFrozen(prebuilds)) throw invalidState('the addon is already loaded');
  const loaded = typeof addon === 'string' ? createRequire(addon)(addon) : addon;
  if (!isAddon(loaded))
    throw invalidArgType('addon', 'the addon of process-memory-info, or its path', addon);
  prebuilds.handedOver = loaded;
}

module.exports = { useAddon };
