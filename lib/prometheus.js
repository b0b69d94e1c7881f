'use strict';

// Metrics for Prometheus: in a registry of prom-client, or as text without prom-client.

const { invalidArgType } = require('./errors');
const { METRICS } = require('./exporters/metrics');
const { samplesOfTree, TreeMetrics } = require('./exporters/tree-metrics');

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

// Prometheus requires this pattern of the beginning of a metric name.
const PREFIX = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

function checkPrefix({ prefix = '' }) {
  if (typeof prefix !== 'string' || (prefix !== '' && !PREFIX.test(prefix))) {
    throw invalidArgType('options.prefix', 'a valid beginning of a metric name', prefix);
  }
  return prefix;
}

/** Registers all metrics with a registry of prom-client; each scrape reads the trees once. */
function collectTreeMetrics(options = {}) {
  const metrics = new TreeMetrics(options);
  const prefix = checkPrefix(options);
  const client = require('prom-client');
  const { register = client.register } = options;
  if (typeof register?.registerMetric !== 'function') {
    throw invalidArgType('options.register', 'an instance of Registry', register);
  }

  const names = METRICS.map(({ key, name, kind, help, labels }) => {
    const full = `${prefix}${name}`;
    const Metric = kind === 'counter' ? client.Counter : client.Gauge;
    new Metric({
      name: full,
      help,
      labelNames: labels,
      registers: [register],
      // A scrape calls this for all metrics at once, so they share one reading.
      async collect() {
        fill(this, (await metrics.read())[key]);
      },
    });
    return full;
  });
  return {
    stop() {
      for (const name of names) register.removeSingleMetric(name);
    },
  };
}

/** Replaces the samples of a prom-client metric. */
function fill(metric, samples) {
  metric.reset();
  if (metric.labelNames.length === 0) metric.remove(); // reset() would leave a value of 0
  for (const { labels, value } of samples) metric.inc(labels, value);
}

const escapeHelp = (text) => text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
const escapeLabel = (text) => escapeHelp(text).replace(/"/g, '\\"');

function line(name, { labels, value }) {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`;
}

/** The metrics that have samples, in the exposition format. */
function toText(samplesByKey, prefix = '') {
  let text = '';
  for (const { key, name, kind, help } of METRICS) {
    const samples = samplesByKey[key] ?? [];
    if (samples.length === 0) continue;
    const full = `${prefix}${name}`;
    text += `# HELP ${full} ${escapeHelp(help)}\n# TYPE ${full} ${kind}\n`;
    for (const sample of samples) text += line(full, sample);
  }
  return text;
}

/** One tree as text, without prom-client. */
function toPrometheusText(tree, options = {}) {
  const samples = samplesOfTree(tree, options);
  return toText(samples, checkPrefix(options));
}

module.exports = { CONTENT_TYPE, collectTreeMetrics, toPrometheusText, toText };
