'use strict';

// A program: the screen of `memory-info watch` with generated processes.

const { Screen } = require('../../lib/cli/watch/screen');
const { State } = require('../../lib/cli/watch/state');

const NAMES = ['server', '\u6f22\u5b57 worker', 'e\u0301t\u00e9\x1b[2J', 'cache', 'logger', 'idle'];

const infoOf = (name, i, round) => ({
  pid: 100 + i,
  ppid: i < 2 ? 1 : 101,
  name,
  creationTime: i,
  workingSetSize: (60 - i) * 1024,
  peakWorkingSetSize: (70 + i) * 1024,
  privateBytes: (10 * (i + 1) + round * (i - 2)) * 1024,
});

const sumOf = (processes, key) => processes.reduce((sum, info) => sum + info[key], 0);

/** The reading of a round. */
function readingOf(round) {
  const processes = NAMES.map((name, i) => infoOf(name, i, round));
  const total = {
    processes: processes.length,
    workingSetSize: sumOf(processes, 'workingSetSize'),
    privateBytes: sumOf(processes, 'privateBytes'),
  };
  return { processes, total, unreadable: [] };
}

module.exports = { readingOf };

if (require.main === module) {
  const state = new State({ sort: 'private', tree: false, footprint: false });
  const screen = new Screen(state);
  for (let round = 0; round < 4; round++) state.take(readingOf(round), round * 1000);
  screen.show();
  process.on('SIGUSR2', () => {
    throw new Error('an exception');
  });
  setInterval(() => {}, 1000);
}
