'use strict';

const assert = require('node:assert/strict');
const { once } = require('node:events');
const http = require('node:http');

const { OTLPMetricExporter } = require('@opentelemetry/exporter-metrics-otlp-http');
const { PrometheusExporter } = require('@opentelemetry/exporter-prometheus');
const {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  MetricReader,
  PeriodicExportingMetricReader,
} = require('@opentelemetry/sdk-metrics');
const {
  METRIC_PROCESS_MEMORY_USAGE,
  METRIC_PROCESS_MEMORY_VIRTUAL,
} = require('@opentelemetry/semantic-conventions/incubating');

const { getMemoryCounters, getMemoryInfo } = require('..');
const { collectTreeMetrics } = require('../lib/opentelemetry');

const KIB = 1024;

/** A reader that collects on demand. */
class ManualReader extends MetricReader {
  async onForceFlush() {}
  async onShutdown() {}

  /** The data points of a collection, by the name of their metric. */
  async points() {
    const { resourceMetrics, errors } = await this.collect();
    assert.deepEqual(errors, []);
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return new Map(metrics.map((metric) => [metric.descriptor.name, metric.dataPoints]));
  }
}

const roughly = (actual, expected) =>
  assert.ok(Math.abs(actual - expected) <= 0.25 * expected, `${actual} is far from ${expected}`);

describe('collectTreeMetrics() for OpenTelemetry', () => {
  let provider;

  const meterWith = (reader) => {
    provider = new MeterProvider({ readers: [reader] });
    return provider.getMeter('test');
  };

  afterEach(() => provider?.shutdown());

  it('observes its own process, with names of the semantic conventions', async () => {
    const reader = new ManualReader();
    collectTreeMetrics({ meter: meterWith(reader) });
    const points = await reader.points();
    const [usage] = points.get(METRIC_PROCESS_MEMORY_USAGE);
    const [virtual] = points.get(METRIC_PROCESS_MEMORY_VIRTUAL);
    roughly(usage.value, getMemoryInfo().workingSetSize * KIB);
    const { vms, pagefileUsage } = getMemoryCounters();
    roughly(virtual.value, (vms ?? pagefileUsage) * KIB);
    assert.deepEqual(usage.attributes, {});
  });

  it('observes the groups of the tree', async () => {
    const reader = new ManualReader();
    collectTreeMetrics({ meter: meterWith(reader), group: () => 'all' });
    const points = await reader.points();
    const types = points
      .get('process.tree.memory.usage')
      .map(({ attributes }) => attributes['process.tree.memory.type']);
    assert.ok(types.includes('resident'));
    const [{ attributes, value }] = points.get('process.tree.count');
    assert.deepEqual(attributes, { 'process.tree.group': 'all' });
    assert.ok(value >= 1);
    assert.equal(points.get('process.tree.started')[0].value, 0);
    assert.equal(points.get('process.tree.exited')[0].value, 0);
  });

  it('reads the trees once per collection', async () => {
    const reader = new ManualReader();
    let readings = 0;
    const roots = () => {
      readings += 1;
      return [process.pid];
    };
    collectTreeMetrics({ meter: meterWith(reader), roots });
    await reader.points();
    assert.equal(readings, 1);
  });

  it('counts what could not be read by error code', async () => {
    const reader = new ManualReader();
    collectTreeMetrics({ meter: meterWith(reader), roots: () => [4194305] });
    const points = await reader.points();
    const [{ attributes, value }] = points.get('process.tree.unreadable');
    assert.deepEqual([attributes, value], [{ 'error.type': 'ESRCH' }, 1]);
    assert.deepEqual(points.get('process.tree.count') ?? [], []);
  });

  it('reads nothing after it is stopped', async () => {
    const reader = new ManualReader();
    let readings = 0;
    const roots = () => {
      readings += 1;
      return [process.pid];
    };
    const collection = collectTreeMetrics({ meter: meterWith(reader), roots });
    await reader.points();
    collection.stop();
    await reader.points();
    assert.equal(readings, 1);
  });

  it('rejects a value that is not a meter', () => {
    for (const options of [undefined, {}, { meter: {} }])
      assert.throws(() => collectTreeMetrics(options), { code: 'ERR_INVALID_ARG_TYPE' });
  });

  it('works with the Prometheus exporter', async () => {
    const reader = new PrometheusExporter({ host: '127.0.0.1', port: 0, preventServerStart: true });
    collectTreeMetrics({ meter: meterWith(reader), group: () => 'all' });
    const server = http.createServer((request, response) =>
      reader.getMetricsRequestHandler(request, response),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const response = await fetch(`http://127.0.0.1:${server.address().port}/metrics`);
    const text = await response.text();
    await new Promise((resolve) => server.close(resolve));
    assert.match(text, /^process_memory_usage(_bytes)?\{.*\} \d+/m);
    assert.match(text, /^process_tree_memory_usage(_bytes)?\{.*process_tree_group="all".*\} \d+/m);
    assert.match(text, /^process_tree_started_total\{.*\} 0/m);
  });

  it('works with a periodic reader', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    collectTreeMetrics({ meter: meterWith(new PeriodicExportingMetricReader({ exporter })) });
    await provider.forceFlush();
    const names = exporter
      .getMetrics()[0]
      .scopeMetrics[0].metrics.map(({ descriptor }) => descriptor.name);
    assert.ok(names.includes('process.tree.memory.usage'));
  });

  it('sends metrics that an OTLP collector can parse', async () => {
    const received = [];
    const server = http.createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      received.push({ url: request.url, body: JSON.parse(body) });
      response.setHeader('content-type', 'application/json').end('{}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${server.address().port}/v1/metrics`;
    const exporter = new OTLPMetricExporter({ url });
    collectTreeMetrics({ meter: meterWith(new PeriodicExportingMetricReader({ exporter })) });
    await provider.shutdown(); // sends pending metrics
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
    const { metrics } = received[0].body.resourceMetrics[0].scopeMetrics[0];
    const usage = metrics.find(({ name }) => name === METRIC_PROCESS_MEMORY_USAGE);
    assert.equal(usage.unit, 'By');
    assert.equal(usage.sum.isMonotonic, false);
    assert.ok(Number(usage.sum.dataPoints[0].asInt) > 0);
    const started = metrics.find(({ name }) => name === 'process.tree.started');
    assert.equal(started.sum.isMonotonic, true);
    assert.equal(received[0].url, '/v1/metrics');
  });
});
