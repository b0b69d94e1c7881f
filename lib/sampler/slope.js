'use strict';

// The Theil–Sen slope of equidistant values: the median of the slopes of all pairs, which is robust against outliers.
// Its confidence interval is that of Sen (1968), "Estimates of the regression coefficient based on Kendall's tau".

const { outOfRange } = require('../errors');

const Z = 1.959963984540054; // of the normal distribution, for 95 %

/** The slopes of all pairs, in ascending order. */
function slopesOf(values) {
  const slopes = [];
  for (let i = 0; i < values.length; i++) {
    for (let k = i + 1; k < values.length; k++) slopes.push((values[k] - values[i]) / (k - i));
  }
  return slopes.sort((a, b) => a - b);
}

function median(sorted) {
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? sorted[Math.floor(middle)]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The variance, without a trend, of Kendall's S: the number of rising pairs minus that of falling pairs. */
function variance(values) {
  const term = (n) => n * (n - 1) * (2 * n + 5);
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let ties = 0;
  for (const count of counts.values()) ties += term(count);
  return (term(values.length) - ties) / 18;
}

/** The slope per step and its 95 % confidence interval, for at least two values. */
function slope(values) {
  if (values.length < 2) throw outOfRange('values.length', '>= 2', values.length);
  const slopes = slopesOf(values);
  const reach = Z * Math.sqrt(variance(values));
  const last = slopes.length - 1;
  const at = (rank) => slopes[Math.min(Math.max(Math.round(rank), 0), last)];
  return {
    slope: median(slopes),
    low: at((slopes.length - reach) / 2 - 1),
    high: at((slopes.length + reach) / 2),
  };
}

module.exports = { slope };
