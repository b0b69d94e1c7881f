'use strict';

// Kills all processes that a test started before the next one begins.

const { stopAll } = require('./child');

exports.mochaHooks = {
  async afterEach() {
    await stopAll();
  },
};
