'use strict';

// Counters in Chrome's trace event format, for chrome://tracing and Perfetto. In its array form the closing bracket is
// optional. Times are in microseconds.

const event = (fields) => `,\n${JSON.stringify(fields)}`;

/** One counter for each value; a counter with several series would be drawn as a stack. */
function counters(elapsed, pid, figures) {
  return Object.entries(figures)
    .filter(([, kib]) => kib !== undefined)
    .map(([name, KiB]) =>
      event({ name, ph: 'C', ts: Math.round(elapsed * 1000), pid, args: { KiB } }),
    )
    .join('');
}

const figuresOf = ({ privateBytes, workingSetSize, footprint }) => ({
  private: privateBytes,
  'working set': workingSetSize,
  footprint: footprint?.footprint,
});

function create() {
  const named = new Map(); // by pid
  const metadata = (info) => {
    if (named.get(info.pid) === info.name) return '';
    named.set(info.pid, info.name);
    return event({ name: 'process_name', ph: 'M', pid: info.pid, args: { name: info.name } });
  };
  const sample = ({ elapsed, total, processes }) =>
    counters(elapsed, 0, figuresOf(total)) +
    processes.map((info) => metadata(info) + counters(elapsed, info.pid, figuresOf(info))).join('');
  return (record) => {
    if (record.type === 'start') {
      const name = record.command.join(' ');
      return `[\n${JSON.stringify({ name: 'process_name', ph: 'M', pid: 0, args: { name } })}`;
    }
    if (record.type === 'sample') return sample(record);
    return record.type === 'summary' ? '\n]\n' : '';
  };
}

module.exports = { create };
