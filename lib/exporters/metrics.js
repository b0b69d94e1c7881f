'use strict';

// The single definition of all metrics that the exporters publish; prometheus.js and opentelemetry.js translate them.

/** All metrics, in the order in which they are exported. */
const METRICS = [
  {
    key: 'memory',
    name: 'process_tree_memory_bytes',
    kind: 'gauge',
    labels: ['group', 'type'],
    help: 'Memory of the processes of a group, by type. Add up private, proportional and footprint; never resident or shared, which count shared pages once per process.',
  },
  {
    key: 'processes',
    name: 'process_tree_processes',
    kind: 'gauge',
    labels: ['group'],
    help: 'Live processes.',
  },
  {
    key: 'peak',
    name: 'process_tree_peak_resident_memory_bytes',
    kind: 'gauge',
    labels: ['group'],
    help: 'Largest peak resident memory of any live process, as recorded by the kernel.',
  },
  {
    key: 'started',
    name: 'process_tree_started_total',
    kind: 'counter',
    labels: ['group'],
    help: 'Processes that joined the tree between two readings and were seen.',
  },
  {
    key: 'exited',
    name: 'process_tree_exited_total',
    kind: 'counter',
    labels: ['group'],
    help: 'Processes that were seen and have exited or left the tree.',
  },
  {
    key: 'unreadable',
    name: 'process_tree_unreadable',
    kind: 'gauge',
    labels: ['code'],
    help: 'Processes, roots included, that could not be read, by error code.',
  },
  {
    key: 'limit',
    name: 'process_tree_memory_limit_bytes',
    kind: 'gauge',
    labels: [],
    help: 'Memory limit on the root that has the least memory available.',
  },
  {
    key: 'available',
    name: 'process_tree_memory_available_bytes',
    kind: 'gauge',
    labels: [],
    help: 'Memory available below the limit to the root that has the least.',
  },
  {
    key: 'duration',
    name: 'process_tree_scrape_duration_seconds',
    kind: 'gauge',
    labels: [],
    help: 'Time taken to read all trees.',
  },
];

module.exports = { METRICS };
