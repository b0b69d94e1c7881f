'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { toHtml } = require('../lib/report/html');
const { MAX_POINTS } = require('../lib/report/choose');
const { Recording, readRecording } = require('../lib/report/recording');
const { toSeries } = require('../lib/report/series');
const { records, writeRecording } = require('./helpers/made-recording');

const CLI = path.join(__dirname, '../bin/memory-info.js');
const HOSTILE = '</script><script>alert(1)</script><img src=x onerror=alert(2)>';

describe('memory-info report', () => {
  let folder;
  let file;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'process-memory-info-report-'));
    file = path.join(folder, 'run.jsonl');
  });

  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const report = (...args) =>
    spawnSync(process.execPath, [CLI, 'report', ...args], { encoding: 'utf8', cwd: folder });

  /** Writes lines, the last of which may be incomplete. */
  const write = (...lines) => fs.writeFileSync(file, lines.join('\n'));

  it('writes a page next to the recording by default', () => {
    writeRecording(file, { samples: 10, names: ['make', 'cc'] });
    const { status, stdout, stderr } = report(file);
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' });
    const html = fs.readFileSync(path.join(folder, 'run.html'), 'utf8');
    assert.match(html, /<h1>Memory of make -j2<\/h1>/);
  });

  it('writes to the given file', () => {
    writeRecording(file, { samples: 10, names: ['make'] });
    assert.equal(report(file, '-o', 'other.html').status, 0);
    assert.ok(fs.existsSync(path.join(folder, 'other.html')));
    assert.match(report(file, '-o', '-').stdout, /^<!doctype html>/);
  });

  for (const samples of [3000, 5000, 20_000]) {
    it(`reduces ${samples} samples to at most 2,000 points, with each extreme`, () => {
      const names = Array.from({ length: 20 }, (_, i) => `worker ${i}`);
      const recording = new Recording('x');
      const totals = new Map(); // by time
      for (const record of records({ samples, names })) {
        recording.add(record);
        if (record.type === 'sample') totals.set(record.elapsed, record.total.privateBytes);
      }
      assert.ok(recording.elapsed.length <= 2 * MAX_POINTS);
      const series = toSeries(recording);
      assert.equal(series.samples, samples);
      assert.ok(series.elapsed.length <= MAX_POINTS, `${series.elapsed.length} points`);
      assert.ok(series.elapsed.length > MAX_POINTS / 4, `${series.elapsed.length} points`);
      const [metric] = series.metrics;
      assert.equal(metric.layers.length, 12);
      const largest = (values) => values.reduce((a, b) => Math.max(a, b ?? 0), 0);
      assert.equal(largest(metric.total), Math.max(...totals.values()));
      assert.equal(Math.min(...metric.total), Math.min(...totals.values()));
      for (const { process, values } of metric.layers)
        assert.equal(largest(values), series.processes[process].private);
      series.elapsed.forEach((elapsed, i) => {
        assert.equal(metric.total[i], totals.get(elapsed));
        const drawn = metric.layers.reduce((sum, { values }) => sum + (values[i] ?? 0), 0);
        assert.equal(drawn + metric.others[i], metric.total[i]);
      });
      const gaps = series.elapsed.slice(1).map((elapsed, i) => elapsed - series.elapsed[i]);
      assert.ok(Math.max(...gaps) <= (samples * 1000) / 200, 'every stretch of time has points');
    });
  }

  it('keeps the largest processes, and counts all', () => {
    const recording = new Recording('x');
    recording.add({ type: 'start', schema: 1, command: ['make'] });
    for (let i = 0; i < 10_000; i++) {
      const process = { pid: i, creationTime: i, name: 'cc', workingSetSize: (i * 7919) % 10_007 };
      const total = { processes: 1, workingSetSize: process.workingSetSize };
      recording.add({ type: 'sample', elapsed: i * 100, total, processes: [process] });
      recording.add({ type: 'exit', elapsed: i * 100 + 100, pid: i, creationTime: i });
    }
    const { processes, started, samples, metrics } = toSeries(recording);
    assert.deepEqual([started, samples], [10_000, 10_000]);
    assert.ok(processes.length <= 4000, `${processes.length} processes`);
    const largest = processes.map(({ workingSet }) => workingSet).sort((a, b) => b - a);
    assert.deepEqual(
      largest.slice(0, 12),
      metrics[0].layers.map(({ process }) => processes[process].workingSet),
    );
    assert.ok(largest[11] > 9980);
  });

  it('reads a recording up to its last complete line', async () => {
    writeRecording(file, { samples: 10, names: ['make'] });
    const text = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, text.slice(0, text.lastIndexOf('"exitCode"')));
    const series = toSeries(await readRecording(file));
    assert.deepEqual([series.samples, series.complete], [10, false]);
  });

  it('leaves out a metric that was not recorded', async () => {
    writeRecording(file, { samples: 3, names: ['make'] });
    const { metrics } = toSeries(await readRecording(file));
    assert.deepEqual(
      metrics.map(({ key }) => key),
      ['private', 'workingSet'],
    );
  });

  it('escapes markup in names', async () => {
    writeRecording(file, { samples: 3, names: [HOSTILE], command: [HOSTILE] });
    const html = toHtml([toSeries(await readRecording(file))]);
    assert.ok(!html.includes('alert(1)</script>'));
    assert.ok(!html.includes('<img'));
    const data = html.match(/<script type="application\/json" id="data">(.*?)<\/script>/s)[1];
    assert.equal(JSON.parse(data)[0].processes[0].name, HOSTILE);
  });

  it('includes uPlot unchanged, with its license', () => {
    const vendor = path.join(__dirname, '../lib/report/vendor');
    const published = path.dirname(require.resolve('uplot/package.json'));
    for (const [ours, theirs] of [
      ['uPlot.iife.min.js', 'dist/uPlot.iife.min.js'],
      ['uPlot.min.css', 'dist/uPlot.min.css'],
      ['uPlot-LICENSE', 'LICENSE'],
    ]) {
      assert.deepEqual(
        fs.readFileSync(path.join(vendor, ours)),
        fs.readFileSync(path.join(published, theirs)),
      );
    }
  });

  const START = '{"type":"start","schema":1,"command":["a"],"pid":1,"time":1}';

  for (const [what, lines, message] of [
    ['an empty file', [''], /run\.jsonl: the recording contains no sample$/],
    ['a recording without a sample', [START, ''], /run\.jsonl: the recording contains no sample$/],
    ['a line that is not JSON', [START, 'nonsense', START], /run\.jsonl:2: not JSON$/],
    ['a line that is not a record', [START, 'null', START], /run\.jsonl:2: not JSON$/],
    [
      'another file',
      ['{"name":"x"}', ''],
      /run\.jsonl:1: not a recording: the first record is not "start"$/,
    ],
    [
      'a schema of the future',
      ['{"type":"start","schema":2}', ''],
      /run\.jsonl:1: schema 2 is not supported, only schema 1$/,
    ],
  ]) {
    it(`rejects ${what}`, () => {
      write(...lines);
      const { status, stderr } = report(file);
      assert.equal(status, 1);
      assert.match(stderr.trimEnd(), message);
      assert.equal(stderr.split('\n').length, 2);
    });
  }

  it('reports that a file is missing or was not named', () => {
    assert.match(report('nothing.jsonl').stderr, /^memory-info: ENOENT.*nothing\.jsonl/);
    assert.match(report().stderr, /^memory-info: report needs a recording/);
    assert.match(report('--help').stdout, /^Usage: memory-info report/);
  });
});
