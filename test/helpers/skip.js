'use strict';

/** Skips the running test, and appends the reason to its title in the report. */
function skip(context, reason) {
  context.test.title += ` (skipped: ${reason})`;
  context.skip();
}

module.exports = { skip };
