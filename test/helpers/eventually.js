'use strict';

/** Repeats `check` until it succeeds; after `seconds`, rethrows its error. */
async function eventually(check, seconds = 10) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

module.exports = { eventually };
