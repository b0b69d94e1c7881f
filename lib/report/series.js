'use strict';

// From a recording to what the page draws: the largest processes and all others, in no more points than a screen can
// show. Every point is a sample that was taken; none is an average.

const { METRICS } = require('./recording');

const MAX_POINTS = 2000;
const MAX_LAYERS = 12;

/** The indexes of a range in which a list has its least and its largest value. */
function extremes(values, from, to) {
  let least = from;
  let largest = from;
  for (let i = from; i < to; i++) {
    if (values[i] < values[least]) least = i;
    if (values[i] > values[largest]) largest = i;
  }
  return [least, largest];
}

/** The sample in which a process has its largest value of a metric. */
function peakSample(track, key) {
  const values = track.values[key];
  let at = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > (values[at] ?? -1)) at = i;
  return track.samples[at];
}

/**
 * Which samples are drawn: the least and the largest total of each metric in every stretch of the recording, and the
 * largest value of each process that has a layer of its own.
 */
function chooseSamples(recording, layers) {
  const { length } = recording.elapsed;
  const all = Array.from({ length }, (_, index) => index);
  if (length <= MAX_POINTS) return all;
  const chosen = new Set([0, length - 1]);
  for (const [key, tracks] of Object.entries(layers)) {
    for (const track of tracks) chosen.add(peakSample(track, key));
  }
  const drawn = METRICS.filter(({ key }) => layers[key] !== undefined);
  const stretches = Math.floor((MAX_POINTS - chosen.size) / (2 * drawn.length));
  for (const { of } of drawn) {
    const totals = recording.totals.map((total) => of(total) ?? Number.NaN);
    for (let i = 0; i < stretches; i++) {
      const from = Math.floor((i * length) / stretches);
      const to = Math.floor(((i + 1) * length) / stretches);
      for (const index of extremes(totals, from, to)) chosen.add(index);
    }
  }
  return Array.from(chosen).sort((a, b) => a - b);
}

/** The processes that get a layer, by metric; a metric that no sample has is left out. */
function chooseLayers(recording) {
  const tracks = Array.from(recording.tracks.values());
  const layers = {};
  for (const { key, of } of METRICS) {
    if (!recording.totals.some((total) => of(total) !== undefined)) continue;
    const sized = tracks
      .map((track) => [track, track.largest(key)])
      .filter(([, size]) => size > 0)
      .sort(([, a], [, b]) => b - a);
    layers[key] = sized.slice(0, MAX_LAYERS).map(([track]) => track);
  }
  return layers;
}

/** The values of a process in the chosen samples; null where it was not there. */
function valuesIn(track, key, position) {
  const values = Array(position.size).fill(null);
  track.samples.forEach((sample, i) => {
    const at = position.get(sample);
    if (at !== undefined) values[at] = track.values[key][i] ?? null;
  });
  return values;
}

/** What the layers do not show of a total. */
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

function describeProcess(track, { elapsed }) {
  return {
    pid: track.pid,
    name: track.name,
    first: elapsed[track.samples[0]],
    last: elapsed[track.samples.at(-1)],
    exited: track.exited,
    ending: track.ending,
    private: track.largest('private'),
    workingSet: track.largest('workingSet'),
    footprint: track.largest('footprint'),
    kernelPeak: track.kernelPeak,
  };
}

/** The largest total of a metric over all samples, and when it was. */
function peakOf({ key, label, of }, { totals, elapsed }) {
  let at;
  totals.forEach((total, i) => {
    if (of(total) !== undefined && (at === undefined || of(total) > of(totals[at]))) at = i;
  });
  return at === undefined
    ? undefined
    : { key, label, size: of(totals[at]), elapsed: elapsed[at], processes: totals[at].processes };
}

/** What the page needs of a recording. */
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
    samples: recording.elapsed.length,
    elapsed: chosen.map((sample) => recording.elapsed[sample]),
    peaks: drawn.map((metric) => peakOf(metric, recording)),
    metrics: drawn.map((metric) =>
      metricSeries(metric, recording, layers[metric.key], indexOf, chosen),
    ),
    processes: tracks.map((track) => describeProcess(track, recording)),
  };
}

module.exports = { MAX_POINTS, toSeries };
