'use strict';

// memory-info report: draws recordings as an HTML page that opens offline.

const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');

const { toHtml } = require('../report/html');
const { readRecording } = require('../report/recording');
const { toSeries } = require('../report/series');

const USAGE = `Usage: memory-info report recording.jsonl [more.jsonl…] [-o report.html]

Draws a recording of "memory-info run -o recording.jsonl" as one HTML file that opens offline. Several recordings are
drawn over one another for comparison.

  -o FILE     output file, "-" for standard output; by default the first recording's name with the extension .html
  -h, --help  show this help
`;

const OPTIONS = {
  output: { type: 'string', short: 'o' },
  help: { type: 'boolean', short: 'h', default: false },
};

const besideRecording = (file) => `${file.slice(0, file.length - path.extname(file).length)}.html`;

module.exports = async function report(args) {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  if (positionals.length === 0) throw new Error('report needs a recording; see --help');
  const recordings = [];
  for (const file of positionals) recordings.push(toSeries(await readRecording(file)));
  const output = values.output ?? besideRecording(positionals[0]);
  const html = toHtml(recordings);
  if (output === '-') process.stdout.write(html);
  else fs.writeFileSync(output, html);
};
