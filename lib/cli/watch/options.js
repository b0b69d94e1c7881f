'use strict';

// The command line of "memory-info watch".

const { parseArgs } = require('node:util');

const { parseInteger, parseInterval, parseSize } = require('../units');
const { SORTS } = require('./columns');

const USAGE = `Usage: memory-info watch [pid…] [options]

Shows a continuously updated view of processes and their descendants, or of all visible processes if no pid is given.
If standard output is not a terminal, prints one line per reading.

  -i, --interval TIME  time between readings, such as 500ms or 1s (the default); at least 100ms
  --all                all visible processes, as without a pid
  --sort COLUMN        ${SORTS.join(', ')}; private by default
  --tree               show each process below its parent
  --footprint          also read footprints; slow for large processes
  --above SIZE         highlight the total while private memory exceeds SIZE, such as 500M or 2G
  --exit               exit with 124 as soon as --above is exceeded
  -h, --help           show this help

Keys: q quits, space pauses, s sorts by the next column, t turns the tree on and off, f the footprints, / filters by
name; arrows, page up and down, home and end scroll.

CHANGE is the difference from the first reading of a process; the bars are its latest readings. Exits with 1 if a pid
does not exist.
`;

const OPTIONS = {
  interval: { type: 'string', short: 'i', default: '1s' },
  all: { type: 'boolean', default: false },
  sort: { type: 'string', default: 'private' },
  tree: { type: 'boolean', default: false },
  footprint: { type: 'boolean', default: false },
  above: { type: 'string' },
  exit: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
};

/** Throws if the arguments are invalid. */
function watchOptions(args) {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  if (values.help) return { help: true };
  const interval = parseInterval(values.interval, 100);
  if (!SORTS.includes(values.sort)) throw new Error(`--sort must be one of: ${SORTS.join(', ')}`);
  if (values.exit && values.above === undefined) throw new Error('--exit requires --above');
  if (values.all && positionals.length > 0) throw new Error('--all cannot be combined with a pid');
  return {
    ...values,
    interval,
    pids: positionals.map((text) => parseInteger(text, 'pid', 2 ** 32 - 1)),
    above: values.above === undefined ? undefined : parseSize(values.above),
  };
}

module.exports = { USAGE, watchOptions };
