'use strict';

// memory-info watch: a continuously updated view of processes and their descendants; a screen on a terminal, otherwise
// one line per reading.

const { Ticks } = require('../sampler/ticks');
const { writeError } = require('./output');
const { duration, size } = require('./units');
const { Lines } = require('./watch/lines');
const { USAGE, watchOptions } = require('./watch/options');
const { Screen, isScreen } = require('./watch/screen');
const { openSource } = require('./watch/source');
const { State } = require('./watch/state');

const OVER_LIMIT = 124;

/** Shows readings until all processes have exited, or until --above is exceeded. */
async function follow(source, state, display, interval) {
  const ticks = new Ticks(interval);
  ticks.keepAlive(true);
  for (;;) {
    const reading = await source.read(state.footprint);
    if (reading === undefined) return;
    state.take(reading, ticks.elapsed);
    display.show();
    if (state.exit && state.isAbove) return;
    await new Promise((resolve) => ticks.wait(resolve));
  }
}

function say({ isAbove, above, exit, peak }) {
  const reached = `${size(peak.size)} in ${duration(peak.elapsed)}`;
  if (exit && isAbove) {
    process.exitCode = OVER_LIMIT;
    writeError(`memory-info: exceeded ${size(above)}: ${reached}\n`);
  } else {
    writeError(`memory-info: all processes have exited; peak ${reached}\n`);
  }
}

module.exports = async function watch(args) {
  const options = watchOptions(args);
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  const source = openSource(options.pids);
  const state = new State(options);
  const display = isScreen() ? new Screen(state) : new Lines(state);
  try {
    await follow(source, state, display, options.interval);
  } finally {
    display.leave();
  }
  say(state);
};
