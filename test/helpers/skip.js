'use strict';

/** Skips the running test, with the reason behind its title, where the report shows it. */
function skip(context, reason) {
  context.test.title += ` (skipped: ${reason})`;
  context.skip();
}

module.exports = { skip };
