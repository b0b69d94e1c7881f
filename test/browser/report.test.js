'use strict';

// The page in a browser. Requires Debian's package `chromium`.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const { toHtml } = require('../../lib/report/html');
const { readRecording } = require('../../lib/report/recording');
const { toSeries } = require('../../lib/report/series');
const { hasBrowser, launch } = require('../helpers/browser');
const { writeRecording } = require('../helpers/made-recording');

const HOSTILE = '<img src=x onerror="document.title = 1">';

describe('the page of memory-info report', () => {
  let folder;
  let browser;
  let page;
  let seen;

  before(async function () {
    if (!hasBrowser) this.skip();
    browser = await launch();
  });

  after(() => browser?.close());

  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'process-memory-info-browser-'));
    page = await browser.newPage();
    await page.setViewport({ width: 1200, height: 900 });
    seen = [];
    page.on('console', (message) => seen.push(message.text()));
    page.on('pageerror', (error) => seen.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) seen.push(request.url());
    });
  });

  afterEach(async () => {
    fs.rmSync(folder, { recursive: true });
    await page.close();
    assert.deepEqual(seen, [], 'the page logs no error and requests nothing');
  });

  /** Opens the report of generated recordings. */
  async function open(...recordings) {
    const series = [];
    for (const [i, options] of recordings.entries()) {
      const file = path.join(folder, `${i}.jsonl`);
      writeRecording(file, options);
      series.push(toSeries(await readRecording(file)));
    }
    const file = path.join(folder, 'report.html');
    fs.writeFileSync(file, toHtml(series));
    await page.goto(pathToFileURL(file).href);
    return { series, bytes: fs.statSync(file).size };
  }

  const texts = (selector) =>
    page.$$eval(selector, (found) => found.map(({ textContent }) => textContent));

  const sizeOf = (kib) => `${(kib / 1024).toFixed(1)} MiB`;

  it('shows the values of the recording in its table', async () => {
    const { series } = await open({ samples: 50, names: ['make', 'cc1', 'ld'] });
    const rows = await page.$$eval('tbody tr', (found) =>
      found.map((row) => Array.from(row.cells, ({ textContent }) => textContent)),
    );
    const expected = series[0].processes
      .toSorted((a, b) => b.private - a.private)
      .map(({ pid, name, private: size, workingSet, kernelPeak }) => [
        String(pid),
        name,
        sizeOf(size),
        sizeOf(workingSet),
        sizeOf(kernelPeak),
      ]);
    assert.deepEqual(
      rows.map((row) => row.slice(0, 5)),
      expected,
    );
  });

  it('sorts by a column in both directions', async () => {
    await open({ samples: 5, names: ['b', 'a', 'c'] });
    const names = () => texts('tbody td:nth-child(2)');
    await page.click('th:nth-child(2) button');
    assert.deepEqual(await names(), ['a', 'b', 'c']);
    await page.click('th:nth-child(2) button');
    assert.deepEqual(await names(), ['c', 'b', 'a']);
    assert.equal(await page.$eval('th:nth-child(2)', (th) => th.ariaSort), 'descending');
  });

  it('shows the process under the cursor with its memory at that time', async () => {
    const { series } = await open({ samples: 101, names: ['make'] });
    const box = await (await page.$('.u-over')).boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.9);
    await page.waitForFunction(() => !document.getElementById('tooltip').hidden);
    const tooltip = await page.$eval('#tooltip', ({ textContent }) => textContent);
    const { elapsed, metrics } = series[0];
    const at = elapsed.findIndex((ms) => tooltip.startsWith(`${(ms / 1000).toFixed(2)} s`));
    assert.ok(Math.abs(at - 50) <= 1, tooltip);
    // The process exits halfway.
    const size = metrics[0].layers[0].values[at];
    if (size !== null) assert.ok(tooltip.includes(`make (1000)\nPrivate memory: ${sizeOf(size)}`));
  });

  it('can be read by keyboard', async () => {
    const { series } = await open({ samples: 20, names: ['make', 'cc1'] });
    await page.focus('#chart');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const said = await page.$eval('#chart', (chart) => [chart.ariaValueNow, chart.ariaValueText]);
    assert.equal(said[0], '2');
    assert.ok(said[1].includes(`Total: ${sizeOf(series[0].metrics[0].total[2])}`), said[1]);
    await page.keyboard.press('+');
    assert.equal(await page.$eval('#zoom', ({ disabled }) => disabled), false);
    await page.keyboard.press('Escape');
    assert.equal(await page.$eval('#zoom', ({ disabled }) => disabled), true);
  });

  it('zooms by dragging', async () => {
    await open({ samples: 100, names: ['make', 'cc1'] });
    const box = await (await page.$('.u-over')).boundingBox();
    await page.mouse.move(box.x + 100, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 60, { steps: 5 });
    await page.mouse.up();
    assert.equal(await page.$eval('#zoom', ({ disabled }) => disabled), false);
    await page.click('#zoom');
    assert.equal(await page.$eval('#zoom', ({ disabled }) => disabled), true);
  });

  it('switches the metric and the theme', async () => {
    await open({ samples: 10, names: ['make'] });
    await page.click('#metrics button:nth-child(2)');
    assert.equal(
      await page.$eval('#chart', ({ ariaLabel }) => ariaLabel),
      'Chart of working set over time',
    );
    const background = () => page.$eval('body', (body) => getComputedStyle(body).backgroundColor);
    const light = await background();
    await page.click('#theme');
    assert.notEqual(await background(), light);
  });

  it('follows the theme of the system', async () => {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await open({ samples: 10, names: ['make'] });
    assert.equal(await page.$eval('html', ({ dataset }) => dataset.theme), 'dark');
  });

  it('compares two recordings by program', async () => {
    await open({ samples: 10, names: ['make', 'cc1'] }, { samples: 20, names: ['make', 'ld'] });
    assert.deepEqual(await texts('th button'), ['Name', '0.jsonl ▾', '1.jsonl', 'Change']);
    const cells = await texts('tbody tr:last-child td');
    assert.deepEqual([cells[0], cells[1], cells[3]], ['ld', '–', '–']);
    assert.equal((await texts('#summary li')).length, 2);
  });

  it('does not interpret markup in names', async () => {
    await open({ samples: 10, names: [HOSTILE], command: [HOSTILE] });
    assert.deepEqual(await texts('tbody td:nth-child(2)'), [HOSTILE]);
    assert.equal(await page.title(), `Memory of ${HOSTILE}`);
  });

  it('opens an hour of 20 processes from at most 1 MB', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `worker ${i}`);
    const { bytes } = await open({ samples: 3600, names });
    assert.ok(bytes <= 1e6, `${bytes} bytes`);
    // CPU time of the page; elapsed time depends on the load of the machine.
    const { TaskDuration } = await page.metrics();
    assert.ok(TaskDuration < 3, `${TaskDuration} s`);
  });
});
