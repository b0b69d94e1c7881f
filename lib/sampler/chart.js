'use strict';

// Draws a series as text, one bar per line.

const LINES = 20;
const WIDTH = 40;

/** Evenly spaced values of a long series, including the first and the last. */
function pick(series) {
  const last = series.length - 1;
  const lines = Math.min(LINES, series.length);
  return Array.from({ length: lines }, (_, i) => Math.round((i * last) / Math.max(lines - 1, 1)));
}

/** The bars start near the smallest value, to show the differences. */
function chart(series) {
  const [least, most] = [Math.min(...series), Math.max(...series)];
  const scale = most === least ? 0 : (WIDTH - 1) / (most - least);
  const width = String(most).length;
  const head = `round  ${'KiB'.padStart(width)}`;
  const lines = pick(series).map((round) => {
    const bar = '█'.repeat(1 + Math.round((series[round] - least) * scale));
    return `${String(round).padStart(5)}  ${String(series[round]).padStart(width)} ${bar}`;
  });
  return [head, ...lines].join('\n');
}

module.exports = { chart };
