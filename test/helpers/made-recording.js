'use strict';

// Generates recordings in the format of `memory-info run`.

const fs = require('node:fs');

/** The size, in KiB, of a process at a time: each grows and shrinks at a different rate. */
const sizeAt = (i, sample) => Math.round(20_000 + i * 5_000 + 15_000 * Math.sin(sample / (20 + i)));

function processAt(i, sample, name) {
  const privateBytes = sizeAt(i, sample);
  return {
    pid: 1000 + i,
    workingSetSize: privateBytes + 8_000,
    peakWorkingSetSize: 60_000 + i * 5_000,
    privateBytes,
    sharedBytes: 8_000,
    ppid: i === 0 ? 1 : 1000,
    name,
    creationTime: 1_700_000_000_000 + i,
    alive: true,
  };
}

/** Records of `samples` samples, one per second; `names` are the processes, the last of which exits halfway. */
function* records({ samples, names, limit, command = ['make', '-j2'] }) {
  yield {
    type: 'start',
    schema: 1,
    version: '0.1.0',
    platform: 'linux',
    time: 1_700_000_000_000,
    command,
    pid: 1000,
    interval: 1000,
    limit,
  };
  const half = Math.floor(samples / 2);
  for (let sample = 0; sample < samples; sample++) {
    const elapsed = sample * 1000;
    const time = 1_700_000_000_000 + elapsed;
    const there = sample < half ? names : names.slice(0, -1);
    if (sample === half) {
      const pid = 1000 + names.length - 1;
      yield {
        type: 'exit',
        time,
        elapsed,
        pid,
        creationTime: 1_700_000_000_000 + names.length - 1,
      };
    }
    const processes = there.map((name, i) => processAt(i, sample, name));
    const sum = (field) => processes.reduce((total, process) => total + process[field], 0);
    const total = {
      processes: processes.length,
      workingSetSize: sum('workingSetSize'),
      privateBytes: sum('privateBytes'),
    };
    yield { type: 'sample', time, elapsed, late: 0, missed: 0, total, processes, unreadable: [] };
  }
  yield {
    type: 'summary',
    time: 1_700_000_000_000 + samples * 1000,
    elapsed: samples * 1000,
    exitCode: 0,
  };
}

function writeRecording(file, options) {
  const lines = Array.from(records(options), (record) => JSON.stringify(record));
  fs.writeFileSync(file, `${lines.join('\n')}\n`);
}

module.exports = { records, writeRecording };
