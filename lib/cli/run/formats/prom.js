'use strict';

// The summary in Prometheus' text format, for the textfile collector. Sizes are in bytes, times in seconds.

const bytes = (kib) => (kib === undefined ? undefined : kib * 1024);

const escaped = (text) =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const METRICS = [
  [
    'peak_private_bytes',
    'Largest sampled sum of private memory.',
    (summary) => bytes(summary.peak?.total.privateBytes),
  ],
  [
    'peak_working_set_bytes',
    'Sum of working sets in the same sample.',
    (summary) => bytes(summary.peak?.total.workingSetSize),
  ],
  [
    'peak_footprint_bytes',
    'Largest sampled footprint.',
    (summary) => bytes(summary.peakFootprint?.total.footprint.footprint),
  ],
  [
    'peak_exact_bytes',
    'Peak memory counted by the system.',
    (summary) => bytes(summary.exact?.peak),
  ],
  ['duration_seconds', 'How long the command ran.', ({ elapsed }) => elapsed / 1000],
  ['exit_code', 'Exit code of the command.', ({ exitCode }) => exitCode],
  ['samples', 'Number of samples.', ({ samples }) => samples],
  ['processes', 'Number of processes seen.', ({ started }) => started],
];

function create() {
  let command = '';
  return (record) => {
    if (record.type === 'start') command = escaped(record.command.join(' '));
    if (record.type !== 'summary') return '';
    return METRICS.map(([name, help, value]) => [`memory_info_run_${name}`, help, value(record)])
      .filter(([, , value]) => value !== undefined)
      .map(
        ([name, help, value]) =>
          `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name}{command="${command}"} ${value}\n`,
      )
      .join('');
  };
}

module.exports = { create };
