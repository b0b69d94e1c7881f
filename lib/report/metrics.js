'use strict';

/** What can be drawn: how to read it of a process, or of a total, in KiB. */
const METRICS = [
  { key: 'private', label: 'Private memory', of: (item) => item.privateBytes },
  { key: 'workingSet', label: 'Working set', of: (item) => item.workingSetSize },
  { key: 'footprint', label: 'Footprint', of: (item) => item.footprint?.footprint },
];

module.exports = { METRICS };
