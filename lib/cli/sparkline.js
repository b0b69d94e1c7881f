'use strict';

// The course of a figure as a line of bars.

const BARS = '▁▂▃▄▅▆▇█';

/** A bar for each value; the highest stands for the largest of them. */
function sparkline(values) {
  const most = Math.max(...values, 1);
  return values
    .map((value) => BARS[Math.min(BARS.length - 1, Math.floor((value / most) * BARS.length))])
    .join('');
}

module.exports = { sparkline };
