'use strict';

// The command line of "memory-info run".

const { parseArgs } = require('node:util');

const { parseInterval, parseSize } = require('../units');

const USAGE = `Usage: memory-info run [options] [--] command [argument…]

Runs a command, samples the memory of the command and all its descendants, and prints a summary on standard error.

  -i, --interval TIME    time between samples, such as 100ms (the default) or 1s; at least 10ms
  -o, --output FILE      write a recording (.jsonl, .csv, .trace.json for Perfetto), a chart of it (.html), or the
                         summary (.prom for Prometheus; .txt instead of printing it); may be repeated
  --footprint peak       also read exact footprints at each new peak
  --exact MODE           have the system count the peak between samples: auto (the default: if possible), require,
                         or off
  --max SIZE             exit with 124 if private memory exceeds SIZE, such as 500M or 2G
  --kill                 kill the command and all its descendants as soon as --max is exceeded
  --github-summary       append a summary to the file that $GITHUB_STEP_SUMMARY names
  -q, --quiet            print no summary
  -h, --help             show this help

Exits as the command does, by the same signal if one killed it; with 127 if the command was not found, 126 if it
could not be executed, 125 if memory-info itself failed, 124 if the command exceeded --max.
`;

const OPTIONS = {
  interval: { type: 'string', short: 'i', default: '100ms' },
  output: { type: 'string', short: 'o', multiple: true, default: [] },
  footprint: { type: 'string' },
  exact: { type: 'string', default: 'auto' },
  max: { type: 'string' },
  kill: { type: 'boolean', default: false },
  'github-summary': { type: 'boolean', default: false },
  quiet: { type: 'boolean', short: 'q', default: false },
  help: { type: 'boolean', short: 'h', default: false },
};

/** Splits our arguments from the command, at "--" or at the first argument that is not an option. */
function split(args) {
  const { tokens } = parseArgs({
    args,
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const end = tokens.find(({ kind }) => kind !== 'option');
  if (end === undefined) return [args, []];
  const skipped = end.kind === 'option-terminator' ? 1 : 0;
  return [args.slice(0, end.index), args.slice(end.index + skipped)];
}

function oneOf(name, value, values) {
  if (!values.includes(value)) throw new Error(`--${name} must be one of: ${values.join(', ')}`);
  return value;
}

/** Throws if the arguments are invalid. */
function runOptions(args) {
  const [own, command] = split(args);
  const { values } = parseArgs({ args: own, options: OPTIONS });
  if (values.help) return { help: true };
  const interval = parseInterval(values.interval, 10);
  if (values.kill && values.max === undefined) throw new Error('--kill requires --max');
  const githubSummary = values['github-summary'] ? process.env.GITHUB_STEP_SUMMARY : undefined;
  if (values['github-summary'] && !githubSummary)
    throw new Error('--github-summary requires the environment variable GITHUB_STEP_SUMMARY');
  if (command.length === 0) throw new Error('run requires a command');
  return {
    command,
    interval,
    outputs: values.output,
    footprint:
      values.footprint === undefined ? false : oneOf('footprint', values.footprint, ['peak']),
    exact: oneOf('exact', values.exact, ['auto', 'require', 'off']),
    limit: values.max === undefined ? undefined : parseSize(values.max),
    kill: values.kill,
    githubSummary,
    quiet: values.quiet,
  };
}

module.exports = { USAGE, runOptions };
