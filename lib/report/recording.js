'use strict';

// Reads a recording of `memory-info run`; docs/command-line.md documents its records. Unknown fields and types, and an
// incomplete last line, are ignored.

const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');

const { MAX_POINTS, chooseLayers, chooseSamples } = require('./choose');
const { METRICS } = require('./metrics');

const SCHEMA = 1;
const MOST_EXITED = 2000; // exited processes to keep, the largest

const larger = (a, b) => (a === undefined || b > a ? b : a);

/** One process of a recording: its values in the samples that contain it. */
class Track {
  samples = []; // indexes
  values = Object.fromEntries(METRICS.map(({ key }) => [key, []])); // one value per element of `samples`
  largest = {}; // largest value, by metric
  exited = false;

  constructor({ pid, creationTime }, elapsed) {
    this.pid = pid;
    this.creationTime = creationTime;
    this.first = elapsed;
  }

  add(index, info, elapsed) {
    this.name = info.name; // exec() changes it
    this.last = elapsed;
    this.kernelPeak = larger(this.kernelPeak, info.peakWorkingSetSize);
    this.samples.push(index);
    for (const { key, of } of METRICS) {
      const value = of(info);
      this.values[key].push(value);
      this.largest[key] = larger(this.largest[key], value);
    }
  }

  exit(record) {
    this.exited = true;
    this.kernelPeak = larger(this.kernelPeak, record.peakWorkingSetSize);
    this.ending = record.signal ?? record.exitCode;
  }

  /** Keeps only the samples in `position`, which maps old sample indexes to new ones. */
  keep(position) {
    const kept = Array.from(this.samples.keys()).filter((i) => position.has(this.samples[i]));
    this.samples = kept.map((i) => position.get(this.samples[i]));
    for (const { key } of METRICS) this.values[key] = kept.map((i) => this.values[key][i]);
  }
}

const sizeOf = ({ largest }) => Math.max(largest.private ?? 0, largest.workingSet);

/** The data of a recording, in bounded memory: long recordings are thinned out. */
class Recording {
  name;
  start;
  summary;
  samples = 0;
  started = 0; // processes
  elapsed = []; // of each kept sample, in milliseconds
  totals = []; // of each kept sample
  tracks = new Map(); // by identity
  #exited = 0; // number of tracks of exited processes

  constructor(name) {
    this.name = name;
  }

  add(record) {
    if (record.type === 'start') this.#begin(record);
    else if (this.start === undefined)
      throw new Error('not a recording: the first record is not "start"');
    else if (record.type === 'sample') this.#sample(record);
    else if (record.type === 'exit') this.#exit(record);
    else if (record.type === 'summary') this.summary = record;
  }

  #begin(record) {
    if (record.schema !== SCHEMA) {
      throw new Error(`schema ${record.schema} is not supported, only schema ${SCHEMA}`);
    }
    this.start = record;
  }

  #sample({ elapsed, total, processes }) {
    this.samples++;
    const index = this.elapsed.push(elapsed) - 1;
    this.totals.push(total);
    for (const info of processes) this.#trackOf(info, elapsed).add(index, info, elapsed);
    if (this.elapsed.length > 2 * MAX_POINTS) this.#thin();
  }

  #trackOf(info, elapsed) {
    const key = identity(info);
    if (!this.tracks.has(key)) {
      this.started++;
      this.tracks.set(key, new Track(info, elapsed));
    }
    return this.tracks.get(key);
  }

  #exit(record) {
    const track = this.tracks.get(identity(record));
    if (track === undefined) return;
    track.exit(record);
    this.#exited++;
    if (this.#exited > 2 * MOST_EXITED) this.#forget();
  }

  /** Thins out the samples to those that would be drawn if the recording ended here. */
  #thin() {
    const chosen = chooseSamples(this, chooseLayers(this));
    const position = new Map(chosen.map((sample, i) => [sample, i]));
    this.elapsed = chosen.map((sample) => this.elapsed[sample]);
    this.totals = chosen.map((sample) => this.totals[sample]);
    for (const track of this.tracks.values()) track.keep(position);
  }

  #forget() {
    const exited = Array.from(this.tracks).filter(([, track]) => track.exited);
    exited.sort(([, a], [, b]) => sizeOf(b) - sizeOf(a));
    for (const [key] of exited.slice(MOST_EXITED)) this.tracks.delete(key);
    this.#exited = MOST_EXITED;
  }
}

const identity = ({ pid, creationTime }) => `${pid}:${creationTime}`;

/** Parses a line. The last one may be incomplete if the writer was killed. */
function parseLine(line, isLast) {
  try {
    const record = JSON.parse(line);
    if (record !== null && typeof record === 'object') return record;
  } catch {
    if (isLast) return undefined;
  }
  throw new Error('not JSON');
}

async function readRecording(file) {
  const recording = new Recording(path.basename(file));
  const input = fs.createReadStream(file, 'utf8');
  let number = 0;
  let previous;
  const add = (isLast) => {
    if (previous === undefined) return;
    try {
      const record = parseLine(previous, isLast);
      if (record !== undefined) recording.add(record);
    } catch (error) {
      throw new Error(`${file}:${number}: ${error.message}`, { cause: error });
    }
  };
  for await (const line of readline.createInterface({
    input,
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    add(false);
    previous = line;
    number += 1;
  }
  add(true);
  if (recording.samples === 0) throw new Error(`${file}: the recording contains no sample`);
  return recording;
}

module.exports = { Recording, readRecording };
