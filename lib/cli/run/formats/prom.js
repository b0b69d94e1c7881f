'use strict';

// The summary in Prometheus' text format, for a collector of text files. Sizes are in bytes, times in seconds.

const bytes = (kib) => (kib === undefined ? undefined : kib * 1024);

const escaped = (text) =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const METRICS = [
  [
    'peak_private_bytes',
    'Largest sum of private memory that was sampled.',
    (summary) => bytes(summary.peak?.total.privateBytes),
  ],
  [
    'peak_working_set_bytes',
    'Sum of working sets in the same sample.',
    (summary) => bytes(summary.peak?.total.workingSetSize),
  ],
  [
    'peak_footprint_bytes',
    'Largest footprint that was sampled.',
    (summary) => bytes(summary.peakFootprint?.total.footprint.footprint),
  ],
  [
    'peak_exact_bytes',
    'Largest memory that the system counted.',
    (summary) => bytes(summary.exact?.peak),
  ],
  ['duration_seconds', 'How long the command ran.', ({ elapsed }) => elapsed / 1000],
  ['exit_code', 'What the command exited with.', ({ exitCode }) => exitCode],
  ['samples', 'How many samples were taken.', ({ samples }) => samples],
  ['processes', 'How many processes were seen.', ({ started }) => started],
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
