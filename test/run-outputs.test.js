'use strict';

// The files that memory-info run writes: each format, and its state after memory-info is killed.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');

const csv = require('../lib/cli/run/formats/csv');
const { Tally } = require('../lib/cli/run/tally');
const { readRecording } = require('../lib/report/recording');
const { toSeries } = require('../lib/report/series');
const {
  killCommands,
  readRecords,
  runCommand,
  startCommand,
  withFolder,
} = require('./helpers/cli');
const { eventually } = require('./helpers/eventually');

const PROGRAM = ['--', process.execPath, '-e', 'setTimeout(() => process.exit(3), 500)'];
const HEADER =
  'time_ms,pid,ppid,name,working_set_kib,private_kib,shared_kib,peak_kib,footprint_kib';

describe('the files of memory-info run', () => {
  let files;
  let stderr;
  let records;
  let series; // as drawn by a report

  before(async () => {
    files = await withFolder(async (folder) => {
      const names = ['x.jsonl', 'x.csv', 'x.trace.json', 'x.html', 'x.prom', 'x.txt'];
      const outputs = names.flatMap((name) => ['-o', path.join(folder, name)]);
      ({ stderr } = runCommand(['-i', '50ms', ...outputs, ...PROGRAM]));
      records = readRecords(path.join(folder, 'x.jsonl'));
      series = toSeries(await readRecording(path.join(folder, 'x.jsonl')));
      return Object.fromEntries(
        names.map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]),
      );
    });
  });

  afterEach(killCommands);

  it('have a record for the start, each sample, each exit and the summary', () => {
    const types = records.map(({ type }) => type);
    assert.deepEqual(new Set(types), new Set(['start', 'sample', 'exit', 'summary']));
    assert.equal(types[0], 'start');
    assert.equal(types.at(-1), 'summary');
    const { pid } = records[0];
    const exit = records.find((record) => record.type === 'exit' && record.pid === pid);
    assert.equal(exit.exitCode, 3);
    for (const { total, processes } of records.filter(({ type }) => type === 'sample')) {
      assert.equal(processes.length, total.processes);
      const sum = processes.reduce((so, { workingSetSize }) => so + workingSetSize, 0);
      assert.equal(total.workingSetSize, sum);
    }
  });

  it('have exits that were noticed after the last sample', () => {
    const info = { pid: 7, ppid: process.pid, name: 'a', creationTime: 1, workingSetSize: 100 };
    const tally = new Tally(100);
    const trees = [{ processes: [{ ...info, alive: true }], unreadable: [] }];
    tally.observe({ time: 0, elapsed: 0, late: 0, missed: 0, trees, exited: [] });
    tally.reap({ pid: 7, exitCode: 3 });
    const record = { pid: 7, ppid: process.pid, creationTime: 1, maxWorkingSetSize: 100 };
    const { exits, unmeasured } = tally.finish([{ ...record, exited: true }]);
    assert.deepEqual(exits, [{ ...record, exitCode: 3 }]);
    assert.equal(unmeasured, 0);
  });

  it('have a CSV line for each process in each sample', () => {
    const [header, ...lines] = files['x.csv'].trimEnd().split('\n');
    assert.equal(header, HEADER);
    const processes = records.flatMap((record) =>
      record.type === 'sample' ? record.processes : [],
    );
    assert.equal(lines.length, processes.length);
    lines.forEach((line, index) => {
      const cells = line.split(',');
      assert.equal(cells.length, 9);
      assert.equal(Number(cells[1]), processes[index].pid);
      assert.equal(Number(cells[4]), processes[index].workingSetSize);
      assert.equal(cells[8], '');
    });
  });

  it('quote a name with a comma, a quotation mark or a line break in CSV', () => {
    const format = csv.create();
    const info = { pid: 1, ppid: 0, name: 'a,"b"\nc', workingSetSize: 5 };
    assert.equal(
      format({ type: 'sample', elapsed: 1.6, processes: [info] }),
      '2,1,0,"a,""b""\nc",5,,,,\n',
    );
  });

  it('have counters in Chrome’s trace format', () => {
    const events = JSON.parse(files['x.trace.json']);
    const { pid } = records[0];
    const own = events.filter(
      (event) => event.ph === 'C' && event.pid === pid && event.name === 'working set',
    );
    const samples = records.filter(({ type }) => type === 'sample');
    assert.equal(own.length, samples.length);
    own.forEach(({ ts, args }, index) => {
      assert.ok(Math.abs(ts / 1000 - samples[index].elapsed) < 1);
      assert.equal(args.KiB, samples[index].processes[0].workingSetSize);
    });
    assert.ok(events.some((event) => event.ph === 'M' && event.pid === pid && event.args.name));
  });

  it('have metrics in Prometheus’ text format', () => {
    const value = (name) =>
      Number(
        new RegExp(`^memory_info_run_${name}\\{command=".*"\\} (\\S+)$`, 'm').exec(
          files['x.prom'],
        )?.[1],
      );
    const { peak, elapsed } = records.at(-1);
    assert.equal(value('exit_code'), 3);
    assert.equal(value('peak_working_set_bytes'), peak.total.workingSetSize * 1024);
    assert.ok(Math.abs(value('duration_seconds') * 1000 - elapsed) < 1);
    for (const line of files['x.prom'].trimEnd().split('\n'))
      assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+\{command="(\\.|[^"\\])*"\} \d+(\.\d+)?)$/);
  });

  it('have the same page as memory-info report', () => {
    const data = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(
      files['x.html'],
    );
    const rounded = (_key, value) =>
      typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
    const drawn = JSON.parse(data[1], rounded)[0];
    assert.deepEqual(drawn, JSON.parse(JSON.stringify({ ...series, name: 'x.html' }), rounded));
  });

  it('have the summary as text, which is then not printed', () => {
    assert.match(files['x.txt'], /^memory-info: peak /);
    assert.equal(stderr, '');
  });

  it('can be read up to the last complete line after memory-info is killed', async () => {
    await withFolder(async (folder) => {
      const [jsonl, lines, trace] = ['x.jsonl', 'x.csv', 'x.trace.json'].map((name) =>
        path.join(folder, name),
      );
      const child = startCommand([
        ...['-i', '20ms', '-o', jsonl, '-o', lines, '-o', trace, '--', process.execPath],
        ...['-e', 'setTimeout(() => {}, 60000)'],
      ]);
      const samples = () => readRecords(jsonl).filter(({ type }) => type === 'sample').length;
      await eventually(() => assert.ok(samples() > 5));
      child.kill('SIGKILL');
      process.kill(readRecords(jsonl)[0].pid, 'SIGKILL');
      await child.ended;
      assert.ok(samples() > 5);
      assert.match(fs.readFileSync(lines, 'utf8'), /\n$/);
      const events = JSON.parse(`${fs.readFileSync(trace, 'utf8')}]`);
      assert.ok(events.filter(({ ph }) => ph === 'C').length > 5);
    });
  });

  it('are added to the summary of GitHub Actions, with names escaped', async () => {
    await withFolder((folder) => {
      const file = path.join(folder, 'summary.md');
      fs.writeFileSync(file, 'before\n');
      const env = { ...process.env, GITHUB_STEP_SUMMARY: file };
      const code = 'setTimeout(() => {}, 500) // <script>|`*';
      runCommand(['-q', '-i', '50ms', '--github-summary', '--', process.execPath, '-e', code], {
        env,
      });
      const text = fs.readFileSync(file, 'utf8');
      assert.match(text, /^before\n### Memory of /);
      assert.match(text, /^\| process \| pid \| private \| working set \| peak \|$/m);
      assert.match(text, /^```mermaid\nxychart-beta\n[^`]* {2}line \[\d+\.\d(, \d+\.\d)+\]\n```$/m);
      assert.ok(!text.includes('<script>'));
    });
  });
});
