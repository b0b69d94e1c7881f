'use strict';

// One line per process and sample (RFC 4180, with line feeds). Unknown values are empty.

const HEADER =
  'time_ms,pid,ppid,name,working_set_kib,private_kib,shared_kib,peak_kib,footprint_kib\n';

const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const line = (elapsed, info) =>
  `${[
    Math.round(elapsed),
    info.pid,
    info.ppid,
    quoted(info.name),
    info.workingSetSize,
    info.privateBytes,
    info.sharedBytes,
    info.peakWorkingSetSize,
    info.footprint?.footprint,
  ].join(',')}\n`;

const create = () => (record) => {
  if (record.type === 'start') return HEADER;
  if (record.type !== 'sample') return '';
  return record.processes.map((info) => line(record.elapsed, info)).join('');
};

module.exports = { create };
