'use strict';

// Metrics for OpenTelemetry, observed by one batch callback so that all values of an export are consistent.

const { ValueType } = require('@opentelemetry/api');

const { invalidArgType } = require('./errors');
const promises = require('./promises');
const { METRICS } = require('./exporters/metrics');
const { TreeMetrics } = require('./exporters/tree-metrics');

/** The name, unit and kind of instrument of each metric. */
const INSTRUMENTS = {
  memory: ['process.tree.memory.usage', 'By', 'ObservableUpDownCounter'],
  processes: ['process.tree.count', '{process}', 'ObservableUpDownCounter'],
  peak: ['process.tree.memory.peak', 'By', 'ObservableGauge'],
  started: ['process.tree.started', '{process}', 'ObservableCounter'],
  exited: ['process.tree.exited', '{process}', 'ObservableCounter'],
  unreadable: ['process.tree.unreadable', '{process}', 'ObservableUpDownCounter'],
  limit: ['process.tree.memory.limit', 'By', 'ObservableGauge'],
  available: ['process.tree.memory.available', 'By', 'ObservableGauge'],
  duration: ['process.tree.scrape.duration', 's', 'ObservableGauge'],
};

const ATTRIBUTES = {
  group: 'process.tree.group',
  type: 'process.tree.memory.type',
  code: 'error.type',
};

const KIB = 1024;

function attributesOf(labels) {
  return Object.fromEntries(
    Object.entries(labels).map(([label, text]) => [ATTRIBUTES[label], text]),
  );
}

/** Instruments for the caller's own process, named by the semantic conventions. */
function ownInstruments(meter) {
  const options = { unit: 'By', valueType: ValueType.INT };
  return {
    usage: meter.createObservableUpDownCounter('process.memory.usage', {
      ...options,
      description: 'The amount of physical memory in use.',
    }),
    virtual: meter.createObservableUpDownCounter('process.memory.virtual', {
      ...options,
      description: 'The amount of committed virtual memory.',
    }),
  };
}

function treeInstruments(meter) {
  return METRICS.map(({ key, help }) => {
    const [name, unit, kind] = INSTRUMENTS[key];
    const valueType = key === 'duration' ? ValueType.DOUBLE : ValueType.INT;
    return {
      key,
      instrument: meter[`create${kind}`](name, { unit, description: help, valueType }),
    };
  });
}

/** Creates the instruments with a meter; each collection reads the trees once. */
function collectTreeMetrics(options = {}) {
  const metrics = new TreeMetrics(options);
  const { meter } = options;
  if (typeof meter?.addBatchObservableCallback !== 'function') {
    throw invalidArgType('options.meter', 'a Meter', meter);
  }
  const own = ownInstruments(meter);
  const ofTree = treeInstruments(meter);

  async function observe(result) {
    const [counters, samples] = await Promise.all([promises.getMemoryCounters(), metrics.read()]);
    const { rss = counters.workingSetSize, vms = counters.pagefileUsage } = counters;
    result.observe(own.usage, rss * KIB);
    result.observe(own.virtual, vms * KIB);
    for (const { key, instrument } of ofTree) {
      for (const { labels, value } of samples[key]) {
        result.observe(instrument, value, attributesOf(labels));
      }
    }
  }

  const observed = [own.usage, own.virtual, ...ofTree.map(({ instrument }) => instrument)];
  meter.addBatchObservableCallback(observe, observed);
  return {
    stop() {
      meter.removeBatchObservableCallback(observe, observed);
    },
  };
}

module.exports = { collectTreeMetrics };
