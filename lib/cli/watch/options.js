'use strict';

// The command line of "memory-info watch".

const { parseArgs } = require('node:util');

const { parseDuration, parseInteger, parseSize } = require('../units');
const { SORTS } = require('./columns');

const USAGE = `Usage: memory-info watch [pid…] [options]

Shows the memory of processes and of everything under them, again and again. Without a pid: every process that it may
see. Where standard output is not a terminal, it prints a line each time.

  -i, --interval TIME  from one reading to the next, such as 500ms or 1s (the default); at least 100ms
  --all                every process that it may see, as without a pid
  --sort COLUMN        ${SORTS.join(', ')}; private by default
  --tree               each process below its parent
  --footprint          what each process costs exactly, too; slow for large processes
  --above SIZE         such as 500M or 2G: marks the total while private memory comes to more
  --exit               exits with 124 as soon as it does
  -h, --help           this text

Keys: q quits, space pauses, s sorts by the next column, t turns the tree on and off, f the footprints, / asks for a
part of the names to show, arrows, page up and down, home and end scroll.

CHANGE is against when a process was first seen; the bars are its last readings. Exits with 1 if a pid does not exist.
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

/** Throws if they are wrong. */
function watchOptions(args) {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  if (values.help) return { help: true };
  const interval = parseDuration(values.interval);
  if (interval < 100) throw new Error('--interval takes at least 100ms');
  if (!SORTS.includes(values.sort)) throw new Error(`--sort takes ${SORTS.join(', ')}`);
  if (values.exit && values.above === undefined) throw new Error('--exit takes --above');
  if (values.all && positionals.length > 0) throw new Error('--all takes no pid');
  return {
    ...values,
    interval,
    pids: positionals.map((text) => parseInteger(text, 'pid', 2 ** 32 - 1)),
    above: values.above === undefined ? undefined : parseSize(values.above),
  };
}

module.exports = { USAGE, watchOptions };
