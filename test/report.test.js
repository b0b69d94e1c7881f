'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { toHtml } = require('../lib/report/html');
const { readRecording } = require('../lib/report/recording');
const { MAX_POINTS, toSeries } = require('../lib/report/series');
const { writeRecording } = require('./helpers/made-recording');

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

  /** Writes lines, whole or not. */
  const write = (...lines) => fs.writeFileSync(file, lines.join('\n'));

  it('writes a page beside the recording', () => {
    writeRecording(file, { samples: 10, names: ['make', 'cc'] });
    const { status, stdout, stderr } = report(file);
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' });
    const html = fs.readFileSync(path.join(folder, 'run.html'), 'utf8');
    assert.match(html, /<h1>Memory of make -j2<\/h1>/);
  });

  it('writes where it is told to', () => {
    writeRecording(file, { samples: 10, names: ['make'] });
    assert.equal(report(file, '-o', 'other.html').status, 0);
    assert.ok(fs.existsSync(path.join(folder, 'other.html')));
    assert.match(report(file, '-o', '-').stdout, /^<!doctype html>/);
  });

  it('keeps the figures of the recording, and each extreme, in at most 2,000 points', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `worker ${i}`);
    writeRecording(file, { samples: 5000, names });
    const recording = await readRecording(file);
    const series = toSeries(recording);
    assert.ok(series.elapsed.length <= MAX_POINTS, `${series.elapsed.length} points`);
    assert.ok(series.elapsed.length > MAX_POINTS / 2);
    const [metric] = series.metrics;
    assert.equal(metric.layers.length, 12);
    const largest = (values) => values.reduce((a, b) => Math.max(a, b ?? 0), 0);
    const totals = recording.totals.map(({ privateBytes }) => privateBytes);
    assert.equal(largest(metric.total), largest(totals));
    assert.equal(Math.min(...metric.total), Math.min(...totals));
    for (const { process, values } of metric.layers)
      assert.equal(largest(values), series.processes[process].private);
    series.elapsed.forEach((elapsed, i) => {
      const sample = recording.elapsed.indexOf(elapsed);
      assert.equal(metric.total[i], totals[sample]);
      const drawn = metric.layers.reduce((sum, { values }) => sum + (values[i] ?? 0), 0);
      assert.equal(drawn + metric.others[i], metric.total[i]);
    });
  });

  it('reads a recording up to its last whole line', async () => {
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

  it('takes no markup from names', async () => {
    writeRecording(file, { samples: 3, names: [HOSTILE], command: [HOSTILE] });
    const html = toHtml([toSeries(await readRecording(file))]);
    assert.ok(!html.includes('alert(1)</script>'));
    assert.ok(!html.includes('<img'));
    const data = html.match(/<script type="application\/json" id="data">(.*?)<\/script>/s)[1];
    assert.equal(JSON.parse(data)[0].processes[0].name, HOSTILE);
  });

  it('holds uPlot as it was published, with its license', () => {
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
    ['an empty file', [''], /run\.jsonl: it has no sample$/],
    ['a recording without a sample', [START, ''], /run\.jsonl: it has no sample$/],
    ['a line that is not JSON', [START, 'nonsense', START], /run\.jsonl:2: it is not JSON$/],
    ['a line that is no record', [START, 'null', START], /run\.jsonl:2: it is not JSON$/],
    ['another file', ['{"name":"x"}', ''], /run\.jsonl:1: it does not begin as a recording does$/],
    [
      'a schema of the future',
      ['{"type":"start","schema":2}', ''],
      /run\.jsonl:1: its schema is 2, and this version reads schema 1$/,
    ],
  ]) {
    it(`says what is wrong with ${what}`, () => {
      write(...lines);
      const { status, stderr } = report(file);
      assert.equal(status, 1);
      assert.match(stderr.trimEnd(), message);
      assert.equal(stderr.split('\n').length, 2);
    });
  }

  it('says that a file is missing, or none was named', () => {
    assert.match(report('nothing.jsonl').stderr, /^memory-info: ENOENT.*nothing\.jsonl/);
    assert.match(report().stderr, /^memory-info: report needs a recording/);
    assert.match(report('--help').stdout, /^Usage: memory-info report/);
  });
});
