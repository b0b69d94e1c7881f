'use strict';

// The command line of "memory-info run".

const { parseArgs } = require('node:util');

const { parseDuration, parseSize } = require('../units');

const USAGE = `Usage: memory-info run [options] [--] command [argument…]

Runs a command, samples the memory of it and of everything under it, and prints on standard error what it came to.

  -i, --interval TIME    from one sample to the next, such as 100ms (the default) or 1s; at least 10ms
  -o, --output FILE      a recording, by the file's extension: .jsonl, .csv, .trace.json (Perfetto); a page that draws
                         it, .html; or the summary, .prom (Prometheus) or .txt, instead of printing it. May be given
                         several times
  --footprint peak       reads exact footprints as well, whenever there is a new peak
  --exact MODE           whether the system is to count the peak between samples: auto (the default: where it can),
                         require, or off
  --max SIZE             such as 500M or 2G: exits with 124 if private memory comes to more
  --kill                 ends the command, and everything under it, as soon as it does
  --github-summary       adds a summary to the file that $GITHUB_STEP_SUMMARY names
  -q, --quiet            prints nothing
  -h, --help             this text

Exits as the command does, by the same signal if one killed it; with 127 if the command is not found, 126 if it
cannot be executed, 125 if memory-info itself fails, 124 if the command went over --max.
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

/** Where our arguments end and the command begins: at "--", or at the first that is no option. */
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
  if (!values.includes(value)) throw new Error(`--${name} takes ${values.join(', ')}`);
  return value;
}

/** Throws if they are wrong. */
function runOptions(args) {
  const [own, command] = split(args);
  const { values } = parseArgs({ args: own, options: OPTIONS });
  if (values.help) return { help: true };
  const interval = parseDuration(values.interval);
  if (interval < 10) throw new Error('--interval takes at least 10ms');
  if (values.kill && values.max === undefined) throw new Error('--kill takes --max');
  const githubSummary = values['github-summary'] ? process.env.GITHUB_STEP_SUMMARY : undefined;
  if (values['github-summary'] && !githubSummary)
    throw new Error('--github-summary takes GITHUB_STEP_SUMMARY in the environment');
  if (command.length === 0) throw new Error('run takes a command');
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
