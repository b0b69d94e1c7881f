'use strict';

// A time series as one line of bars.

const BARS = '▁▂▃▄▅▆▇█';

/** One bar per value, scaled to the maximum. */
function sparkline(values) {
  const most = Math.max(...values, 1);
  return values
    .map((value) => BARS[Math.min(BARS.length - 1, Math.floor((value / most) * BARS.length))])
    .join('');
}

module.exports = { sparkline };
