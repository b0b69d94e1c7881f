'use strict';

// Reads a recording of `memory-info run`; docs/command-line.md describes its records. What a reader does not know it
// ignores, and a last line that was not written to its end is no part of the recording.

const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');

const SCHEMA = 1;

/** What can be drawn: how to read it of a process, or of a total, in KiB. */
const METRICS = [
  { key: 'private', label: 'Private memory', of: (item) => item.privateBytes },
  { key: 'workingSet', label: 'Working set', of: (item) => item.workingSetSize },
  { key: 'footprint', label: 'Footprint', of: (item) => item.footprint?.footprint },
];

/** One process through a recording: its figures in the samples that hold it. */
class Track {
  samples = []; // indexes
  values = Object.fromEntries(METRICS.map(({ key }) => [key, []])); // a value for each of `samples`
  exited = false;

  constructor({ pid, creationTime }) {
    this.pid = pid;
    this.creationTime = creationTime;
  }

  add(index, info) {
    this.name = info.name; // an exec gives it another one
    this.kernelPeak = maximum(this.kernelPeak, info.peakWorkingSetSize);
    this.samples.push(index);
    for (const { key, of } of METRICS) this.values[key].push(of(info));
  }

  exit(record) {
    this.exited = true;
    this.kernelPeak = maximum(this.kernelPeak, record.peakWorkingSetSize);
    this.ending = record.signal ?? record.exitCode;
  }

  /** The largest value of a metric that a sample has; undefined where none has one. */
  largest(key) {
    return this.values[key].reduce(maximum, undefined);
  }
}

const maximum = (a, b) => (a === undefined || b > a ? b : a);

class Recording {
  name;
  start;
  summary;
  elapsed = []; // of each sample, in milliseconds
  totals = []; // of each sample
  tracks = new Map(); // by identity

  constructor(name) {
    this.name = name;
  }

  add(record) {
    if (record.type === 'start') this.#begin(record);
    else if (this.start === undefined) throw new Error('it does not begin as a recording does');
    else if (record.type === 'sample') this.#sample(record);
    else if (record.type === 'exit') this.tracks.get(identity(record))?.exit(record);
    else if (record.type === 'summary') this.summary = record;
  }

  #begin(record) {
    if (record.schema !== SCHEMA) {
      throw new Error(`its schema is ${record.schema}, and this version reads schema ${SCHEMA}`);
    }
    this.start = record;
  }

  #sample({ elapsed, total, processes }) {
    const index = this.elapsed.push(elapsed) - 1;
    this.totals.push(total);
    for (const info of processes) {
      const key = identity(info);
      if (!this.tracks.has(key)) this.tracks.set(key, new Track(info));
      this.tracks.get(key).add(index, info);
    }
  }
}

const identity = ({ pid, creationTime }) => `${pid}:${creationTime}`;

/** Parses a line. The last one may be cut off, where the program that wrote it was killed. */
function parseLine(line, isLast) {
  try {
    const record = JSON.parse(line);
    if (record !== null && typeof record === 'object') return record;
  } catch {
    if (isLast) return undefined;
  }
  throw new Error('it is not JSON');
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
  if (recording.elapsed.length === 0) throw new Error(`${file}: it has no sample`);
  return recording;
}

module.exports = { METRICS, readRecording };
