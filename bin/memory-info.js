#!/usr/bin/env node
'use strict';

// The command line. Each subcommand is a module in lib/cli/; without one, memory-info shows the memory of processes.

const { complain, guardOutput } = require('../lib/cli/output');

const VERBS = new Map([
  ['report', '../lib/cli/report'],
  ['run', '../lib/cli/run'],
  ['serve', '../lib/cli/serve'],
  ['watch', '../lib/cli/watch'],
]);

async function main([first, ...rest]) {
  if (first !== 'run') guardOutput(); // for "run" the streams belong to the command
  const verb = VERBS.get(first);
  if (verb === undefined) return require('../lib/cli/show')(process.argv.slice(2));
  return require(verb)(rest);
}

main(process.argv.slice(2)).catch((error) => complain(error.message));
