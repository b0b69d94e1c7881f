'use strict';

// Chooses the processes and samples of a recording to draw, no more than a screen can show. Samples are selected, never
// averaged.

const { METRICS } = require('./metrics');

const MAX_POINTS = 2000;
const MAX_LAYERS = 12;

/** The processes with a layer of their own, by metric; a metric without samples is left out. */
function chooseLayers(recording) {
  const tracks = Array.from(recording.tracks.values());
  const layers = {};
  for (const { key, of } of METRICS) {
    if (!recording.totals.some((total) => of(total) !== undefined)) continue;
    layers[key] = tracks
      .filter((track) => track.largest[key] > 0)
      .sort((a, b) => b.largest[key] - a.largest[key])
      .slice(0, MAX_LAYERS);
  }
  return layers;
}

/** The sample in which a process has its largest value of a metric. */
const peakSample = (track, key) => track.samples[track.values[key].indexOf(track.largest[key])];

/** The indexes of the smallest and the largest known value in each interval. */
function* extremes(values, elapsed, stretches) {
  const begin = elapsed[0];
  const width = (elapsed.at(-1) - begin) / stretches;
  const stretchOf = (i) => Math.floor((elapsed[i] - begin) / width);
  let least;
  let largest;
  for (const i of values.keys()) {
    if (values[i] === undefined) continue;
    if (least !== undefined && stretchOf(i) !== stretchOf(least)) {
      yield* [least, largest];
      least = undefined;
    }
    if (least === undefined) least = largest = i;
    if (values[i] < values[least]) least = i;
    if (values[i] > values[largest]) largest = i;
  }
  if (least !== undefined) yield* [least, largest];
}

/**
 * The indexes of at most MAX_POINTS samples: the smallest and the largest total of each metric in every interval, and
 * the largest value of each process with a layer of its own.
 */
function chooseSamples(recording, layers) {
  const { elapsed, totals } = recording;
  if (elapsed.length <= MAX_POINTS) return Array.from(elapsed.keys());
  const chosen = new Set([0, elapsed.length - 1]);
  for (const [key, tracks] of Object.entries(layers)) {
    for (const track of tracks) chosen.add(peakSample(track, key));
  }
  const drawn = METRICS.filter(({ key }) => layers[key] !== undefined);
  const stretches = Math.floor((MAX_POINTS - chosen.size) / (2 * drawn.length)) - 1;
  for (const { of } of drawn) {
    for (const index of extremes(totals.map(of), elapsed, stretches)) chosen.add(index);
  }
  return Array.from(chosen).sort((a, b) => a - b);
}

module.exports = { MAX_POINTS, chooseLayers, chooseSamples };
