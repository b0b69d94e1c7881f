'use strict';

// The job summary for GitHub Actions: Markdown appended to the file that GITHUB_STEP_SUMMARY names.

const fs = require('node:fs');

const { printable } = require('../output');
const { size } = require('../units');
const { headline, largest, notes, privateOf } = require('./summary');

const MOST_POINTS = 60;

/** Escapes Markdown. */
const escaped = (text) => printable(text).replace(/[\\`*_{}[\]<>()#+\-.!|~&$@:]/g, '\\$&');

const row = (cells) => `| ${cells.join(' | ')} |`;

function table(processes) {
  return [
    row(['process', 'pid', 'private', 'working set', 'peak']),
    row(['---', '---:', '---:', '---:', '---:']),
    ...largest(processes).map((record) =>
      row([
        escaped(record.name),
        record.pid,
        size(privateOf(record)),
        size(record.maxWorkingSetSize),
        size(record.peakWorkingSetSize),
      ]),
    ),
  ];
}

function chart(points) {
  const inMib = points.map(({ value }) => (value / 1024).toFixed(1));
  const end = (points.at(-1).elapsed / 1000).toFixed(1);
  return [
    '```mermaid',
    'xychart-beta',
    `  x-axis "seconds" 0 --> ${end}`,
    '  y-axis "MiB"',
    `  line [${inMib.join(', ')}]`,
    '```',
  ];
}

function markdown(command, summary, course) {
  const points = course.points(MOST_POINTS);
  return [
    `### Memory of ${escaped(command.join(' '))}`,
    '',
    escaped(headline(summary)),
    '',
    ...Array.from(notes(summary), (note) => `- ${escaped(note)}`),
    '',
    ...(points.length > 1 ? [...chart(points), ''] : []),
    ...(summary.peak !== undefined ? [...table(summary.processes), ''] : []),
    '',
  ].join('\n');
}

/** Appends the summary to the file. */
function writeGithubSummary(file, command, summary, course) {
  fs.appendFileSync(file, markdown(command, summary, course));
}

module.exports = { writeGithubSummary };
