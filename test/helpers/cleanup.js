'use strict';

// Whatever a test started is gone before the next one begins, whether it passed or not.

const { stopAll } = require('./child');

exports.mochaHooks = {
  async afterEach() {
    await stopAll();
  },
};
