'use strict';

// Converts a recording to the series of the page: the largest processes and all others.

const { chooseLayers, chooseSamples } = require('./choose');
const { METRICS } = require('./metrics');

/** The values of a process in the chosen samples; null where it is absent. */
function valuesIn(track, key, position) {
  const values = Array(position.size).fill(null);
  track.samples.forEach((sample, i) => {
    const at = position.get(sample);
    if (at !== undefined) values[at] = track.values[key][i] ?? null;
  });
  return values;
}

/** The part of a total that is in no layer. */
function othersOf(total, layers) {
  return total.map((value, i) => {
    if (value === null) return null;
    const shown = layers.reduce((sum, { values }) => sum + (values[i] ?? 0), 0);
    return Math.max(0, value - shown);
  });
}

function metricSeries({ key, label, of }, recording, tracks, indexOf, chosen) {
  const position = new Map(chosen.map((sample, i) => [sample, i]));
  const total = chosen.map((sample) => of(recording.totals[sample]) ?? null);
  const layers = tracks.map((track) => ({
    process: indexOf.get(track),
    values: valuesIn(track, key, position),
  }));
  return { key, label, total, layers, others: othersOf(total, layers) };
}

const describeProcess = ({ pid, name, first, last, exited, ending, largest, kernelPeak }) => ({
  pid,
  name,
  first,
  last,
  exited,
  ending,
  ...largest,
  kernelPeak,
});

/** The largest total of a metric, and its time. */
function peakOf({ key, label, of }, { totals, elapsed }) {
  let at;
  totals.forEach((total, i) => {
    if (of(total) !== undefined && (at === undefined || of(total) > of(totals[at]))) at = i;
  });
  return at === undefined
    ? undefined
    : { key, label, size: of(totals[at]), elapsed: elapsed[at], processes: totals[at].processes };
}

/** The data of a recording that the page needs. */
function toSeries(recording) {
  const layers = chooseLayers(recording);
  const chosen = chooseSamples(recording, layers);
  const tracks = Array.from(recording.tracks.values());
  const indexOf = new Map(tracks.map((track, index) => [track, index]));
  const drawn = METRICS.filter(({ key }) => layers[key] !== undefined);
  const { start, summary } = recording;
  return {
    name: recording.name,
    command: start.command,
    time: start.time,
    limit: start.limit,
    exact: summary?.exact?.peak === undefined ? undefined : summary.exact,
    complete: summary !== undefined,
    samples: recording.samples,
    started: recording.started,
    elapsed: chosen.map((sample) => recording.elapsed[sample]),
    peaks: drawn.map((metric) => peakOf(metric, recording)),
    metrics: drawn.map((metric) =>
      metricSeries(metric, recording, layers[metric.key], indexOf, chosen),
    ),
    processes: tracks.map(describeProcess),
  };
}

module.exports = { toSeries };
