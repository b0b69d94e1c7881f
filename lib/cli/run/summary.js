'use strict';

// Formats the summary, which is the last record of a recording, as text.

const { printable } = require('../output');
const { sparkline } = require('../sparkline');
const { table } = require('../table');
const { duration, plural, size, totalSize } = require('../units');
const { wasMeasured } = require('./tally');

const MOST_PROCESSES = 10;

/** The largest private memory of a process: the system's figure where there is one, otherwise that of all samples. */
const privateOf = (record) => record.peakPrivateBytes ?? record.maxPrivateBytes;
const sizeOf = (record) => privateOf(record) ?? record.maxWorkingSetSize;
const bySize = (a, b) => sizeOf(b) - sizeOf(a);
const COUNTED = { cgroup: 'with page cache and kernel memory', job: 'committed' };

/** The largest processes. */
function largest(processes) {
  return processes.filter(wasMeasured).sort(bySize).slice(0, MOST_PROCESSES);
}

function headline({ peak, processes, samples, elapsed }) {
  if (peak === undefined) return `no sample: the command ended after ${duration(elapsed)}`;
  const [first] = largest(processes);
  return [
    `peak ${totalSize(peak.total)} in ${plural(peak.total.processes, 'process', 'processes')} at ${duration(peak.elapsed)}`,
    `largest ${printable(first.name)} ${size(sizeOf(first))}`,
    plural(samples, 'sample', 'samples'),
  ].join('; ');
}

/** Yields further lines about the peak. */
function* notes(summary) {
  const { exact, peak, peakFootprint } = summary;
  if (peakFootprint !== undefined) {
    const { footprint, covered, of } = peakFootprint.total.footprint;
    yield `footprint ${size(footprint)} at ${duration(peakFootprint.elapsed)}, ${covered} of ${of} exact`;
  }
  if (exact.peak === undefined) yield `peaks between samples were not counted: ${exact.why}`;
  else yield `${size(exact.peak)} ${COUNTED[exact.by]}, counted by ${exact.source}`;
  if (exact.by === 'cgroup' && peak?.total.privateBytes > exact.peak)
    yield 'the peak is too large: memory that processes share after a fork counts once for each of them';
  if (summary.waitedPeak !== undefined)
    yield `${size(summary.waitedPeak)} working set in the largest process, by getrusage`;
  if (summary.unmeasured > 0)
    yield `processes too short-lived to be measured: ${summary.unmeasured} of ${summary.started}`;
  if (summary.missed > 0) yield `${plural(summary.missed, 'sample was', 'samples were')} missed`;
  if (summary.overLimit)
    yield `over the limit of ${size(summary.limit)}${summary.killed ? ': killed' : ''}`;
  for (const { pid, name } of summary.running) yield `${printable(name)} (${pid}) is still running`;
}

function processTable(processes) {
  return table(
    ['PID', 'PRIVATE', 'WORKING SET', 'PEAK', 'NAME'],
    largest(processes).map((record) => [
      String(record.pid),
      size(privateOf(record)),
      size(record.maxWorkingSetSize),
      size(record.peakWorkingSetSize),
      printable(record.name),
    ]),
    (header) => header,
  );
}

/** The whole text, with a sparkline if `points` are given. */
function summaryText(summary, points = []) {
  const lines = [headline(summary), ...notes(summary)].map((line) => `memory-info: ${line}`);
  if (points.length > 1) lines.push(sparkline(points.map(({ value }) => value)));
  if (summary.peak !== undefined) lines.push(processTable(summary.processes));
  return `${lines.join('\n')}\n`;
}

module.exports = { headline, largest, notes, privateOf, summaryText };
