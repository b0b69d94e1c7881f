'use strict';

/** The metrics that can be drawn, and how to read them from a process or total, in KiB. */
const METRICS = [
  { key: 'private', label: 'Private memory', of: (item) => item.privateBytes },
  { key: 'workingSet', label: 'Working set', of: (item) => item.workingSetSize },
  { key: 'footprint', label: 'Footprint', of: (item) => item.footprint?.footprint },
];

module.exports = { METRICS };
