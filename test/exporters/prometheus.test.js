'use strict';

// A real Prometheus scrapes this process, and is queried for the samples it stored. Requires Debian's `prometheus`.

const assert = require('node:assert/strict');
const { execFileSync, spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');

const { Registry } = require('prom-client');

const { getTreeMemoryInfo } = require('../..');
const { collectTreeMetrics } = require('../../lib/prometheus');
const { startNode, startFixture, stopAll } = require('../helpers/child');
const { eventually } = require('../helpers/eventually');

const EXAMPLES = path.join(__dirname, '../../examples');
const KIB = 1024;
const MIB = 1024 * KIB;

const installed = (program) => spawnSync(program, ['--version']).error === undefined;

/** Serves a registry on loopback. */
async function serve(register) {
  const server = http.createServer(async (_request, response) => {
    response.setHeader('content-type', register.contentType).end(await register.metrics());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function freePort() {
  const server = http.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** The example's configuration for a target that is scraped each second, and its rules without their delays. */
function writeConfiguration(folder, target) {
  const read = (name) => fs.readFileSync(path.join(EXAMPLES, 'prometheus', name), 'utf8');
  const configuration = read('prometheus.yml')
    .replaceAll('15s', '1s')
    .replace('127.0.0.1:9464', target);
  fs.writeFileSync(path.join(folder, 'prometheus.yml'), configuration);
  fs.writeFileSync(
    path.join(folder, 'rules.yml'),
    read('rules.yml').replace(/for: \w+/g, 'for: 1s'),
  );
}

/** Prometheus with its own folder. */
class Prometheus {
  async start(target) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'process-memory-info-prometheus-'));
    writeConfiguration(this.folder, target);
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    this.process = spawn(
      'prometheus',
      [
        `--config.file=${path.join(this.folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${path.join(this.folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
      ],
      { stdio: 'inherit' },
    );
    await eventually(async () => assert.ok((await fetch(`${this.url}/-/ready`)).ok), 60);
  }

  async stop() {
    this.process.kill();
    await once(this.process, 'exit');
    fs.rmSync(this.folder, { recursive: true });
  }

  async get(where, parameters = {}) {
    const response = await fetch(`${this.url}/api/v1/${where}?${new URLSearchParams(parameters)}`);
    const { status, data, error } = await response.json();
    assert.equal(status, 'success', error);
    return data;
  }

  /** The samples of an instant query, each with its labels. */
  async query(query) {
    const { result } = await this.get('query', { query });
    return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  /** The one value of a query. */
  async value(query) {
    const samples = await this.query(query);
    assert.equal(samples.length, 1, `${query} has ${samples.length} samples`);
    return samples[0].value;
  }
}

describe('Prometheus', () => {
  let prometheus;
  let server;
  const leaking = new Set();

  before(async function () {
    if (!installed('prometheus') || !installed('promtool')) this.skip(); // Debian: apt-get install prometheus
    const register = new Registry();
    const group = ({ pid, name }) => (leaking.has(pid) ? 'leaking' : name);
    collectTreeMetrics({ register, group });
    server = await serve(register);
    prometheus = new Prometheus();
    await prometheus.start(`127.0.0.1:${server.address().port}`);
  });

  afterEach(stopAll);

  after(async () => {
    await prometheus?.stop();
    server?.close();
    server?.closeAllConnections();
  });

  const ofFixture = (metric, labels = '') => `${metric}{group="fixture"${labels}}`;
  const PRIVATE = ofFixture('process_tree_memory_bytes', ',type="private"');

  it('stores the figures that the API returns', async () => {
    await Promise.all([startFixture('fan', 3), startFixture('grow', 1)]);
    const grown = await startFixture('grow', 100);
    assert.equal(await grown.ask('grow'), 'more');
    const { processes } = getTreeMemoryInfo();
    const fixture = processes.filter(({ name }) => name === 'fixture');
    const sum = (field) => fixture.reduce((total, process) => total + process[field], 0) * KIB;
    assert.ok(sum('privateBytes') > 100 * MIB);
    await eventually(async () => {
      assert.equal(await prometheus.value(ofFixture('process_tree_processes')), fixture.length);
      for (const [type, field] of [
        ['private', 'privateBytes'],
        ['resident', 'workingSetSize'],
        ['shared', 'sharedBytes'],
      ]) {
        const stored = await prometheus.value(
          ofFixture('process_tree_memory_bytes', `,type="${type}"`),
        );
        const asked = sum(field);
        assert.ok(Math.abs(stored - asked) <= 0.01 * asked, `${type}: ${stored}, not ${asked}`);
      }
    }, 30);
  });

  it('records growing and shrinking memory, and a replaced process', async () => {
    const child = await startFixture('grow', 64);
    await eventually(async () => assert.ok((await prometheus.value(PRIVATE)) < 32 * MIB), 30);
    assert.equal(await child.ask('grow'), 'more');
    await eventually(async () => assert.ok((await prometheus.value(PRIVATE)) > 64 * MIB), 30);
    assert.equal(await child.ask('shrink'), 'less');
    await eventually(async () => assert.ok((await prometheus.value(PRIVATE)) < 32 * MIB), 30);
    const exited = await prometheus.value(ofFixture('process_tree_exited_total'));
    const started = await prometheus.value(ofFixture('process_tree_started_total'));
    await child.stop();
    await startFixture('grow', 1);
    await eventually(async () => {
      assert.equal(await prometheus.value(ofFixture('process_tree_exited_total')), exited + 1);
      assert.equal(await prometheus.value(ofFixture('process_tree_started_total')), started + 1);
    }, 30);
  });

  it('stores counters that never decrease', async () => {
    for (const counter of ['process_tree_started_total', 'process_tree_exited_total']) {
      const samples = await prometheus.query(`resets(${counter}[10m])`);
      assert.ok(samples.length > 0);
      for (const { value } of samples) assert.equal(value, 0);
    }
  });

  it('fires the example’s alert about growing memory', async () => {
    const child = await startNode(
      'setInterval(() => process.kept = [process.kept, Buffer.alloc(2e5, 1)], 50)',
    );
    leaking.add(child.pid);
    await eventually(async () => {
      const { alerts } = await prometheus.get('alerts');
      const firing = alerts
        .filter(({ state }) => state === 'firing')
        .map(({ labels }) => `${labels.alertname} ${labels.group}`);
      assert.ok(firing.includes('ProcessTreeMemoryGrows leaking'), JSON.stringify(alerts));
    }, 60);
  });

  it('accepts the rules and the configuration of the examples', () => {
    for (const [what, file] of [
      ['config', 'prometheus.yml'],
      ['rules', 'rules.yml'],
    ]) {
      execFileSync('promtool', ['check', what, path.join(EXAMPLES, 'prometheus', file)]);
    }
    execFileSync('promtool', ['test', 'rules', path.join(__dirname, 'rules.test.yml')]);
  });

  it('finds no problem in the metrics (promtool)', async () => {
    const text = await (await fetch(`http://127.0.0.1:${server.address().port}`)).text();
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    });
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' });
  });

  const dashboard = JSON.parse(
    fs.readFileSync(path.join(EXAMPLES, 'grafana/process-tree-memory.json'), 'utf8'),
  );

  for (const { title, targets } of dashboard.panels) {
    it(`returns data for the dashboard's panel "${title}"`, async () => {
      await startFixture('grow', 1);
      for (const { expr } of targets) {
        const query = expr
          .replaceAll('$job', 'process-memory')
          .replaceAll('$instance', '.*')
          .replaceAll('$__rate_interval', '1m')
          .replaceAll('[30m]', '[1m]');
        // Panels about limits and unreadable processes may be empty on this machine.
        const optional = /limit_bytes|unreadable/.test(query);
        await eventually(async () => {
          const samples = await prometheus.query(query);
          assert.ok(optional || samples.length > 0, `${query} has no samples`);
        }, 30);
      }
    });
  }
});
