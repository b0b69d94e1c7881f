'use strict';

// Does not run Electron: its metrics have the recorded shape.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { getTreeMemoryInfo, withAppMetrics } = require('..');

const BOOT = 1760000000000;

const memory = { workingSetSize: 1, privateBytes: 1 };
const TREE = {
  pid: 100,
  processes: [
    { pid: 100, ...memory, ppid: 1, name: 'example', creationTime: BOOT + 1000 },
    { pid: 101, ...memory, ppid: 100, name: 'example', creationTime: BOOT + 1020 },
    { pid: 104, ...memory, ppid: 101, name: 'example', creationTime: BOOT + 1500 },
    { pid: 110, ...memory, ppid: 100, name: 'example', creationTime: BOOT + 1600 },
    { pid: 120, ...memory, ppid: 100, name: 'git', creationTime: BOOT + 90000 },
  ],
  total: { processes: 5, workingSetSize: 5, privateBytes: 5 },
  unreadable: [],
};

const cpu = { percentCPUUsage: 0, idleWakeupsPerSecond: 0, cumulativeCPUUsage: 0.25 };
const metric = (pid, type, creationTime, rest) => ({
  cpu,
  creationTime,
  memory: { workingSetSize: 177812, peakWorkingSetSize: 177812 },
  pid,
  type,
  ...rest,
});
const METRICS = [
  metric(100, 'Browser', BOOT + 1003.217),
  metric(101, 'Zygote', BOOT + 1021.4),
  metric(110, 'Utility', BOOT + 2599.9, {
    serviceName: 'network.mojom.NetworkService',
    name: 'Network Service',
  }),
  metric(104, 'Tab', BOOT + 1507.75),
];

describe('withAppMetrics', () => {
  it("adds Electron's metrics to its processes, and nothing to others", () => {
    const { processes, unmatched } = withAppMetrics(TREE, METRICS);
    assert.deepEqual(
      processes.map(({ app }) => app),
      [
        { type: 'Browser' },
        { type: 'Zygote' },
        { type: 'Tab' },
        {
          type: 'Utility',
          name: 'Network Service',
          serviceName: 'network.mojom.NetworkService',
        },
        undefined,
      ],
    );
    assert.ok(!('app' in processes[4]));
    assert.deepEqual(unmatched, []);
  });

  it('keeps all other fields, and does not modify its arguments', () => {
    const before = structuredClone([TREE, METRICS]);
    const { processes, unmatched, ...rest } = withAppMetrics(TREE, METRICS);
    assert.deepEqual([TREE, METRICS], before);
    assert.deepEqual(rest, { pid: 100, total: TREE.total, unreadable: [] });
    assert.deepEqual(
      processes.map(({ app, ...process }) => process),
      TREE.processes,
    );
  });

  it('does not match an earlier process with the same pid', () => {
    const stale = metric(120, 'Tab', BOOT + 80000);
    const { processes, unmatched } = withAppMetrics(TREE, [stale]);
    assert.ok(!('app' in processes[4]));
    assert.deepEqual(unmatched, [{ pid: 120, type: 'Tab' }]);
  });

  it('matches by pid if Electron has no creation time', () => {
    for (const creationTime of [undefined, 0, Number.NaN]) {
      const { processes } = withAppMetrics(TREE, [metric(100, 'Browser', creationTime)]);
      assert.deepEqual(processes[0].app, { type: 'Browser' });
    }
  });

  it('returns the metrics of processes outside the tree', () => {
    const { unmatched } = withAppMetrics(TREE, [...METRICS, metric(7, 'GPU', BOOT)]);
    assert.deepEqual(unmatched, [{ pid: 7, type: 'GPU' }]);
  });

  it('accepts a real tree', () => {
    const tree = getTreeMemoryInfo();
    // As in Chromium: the same clock, not rounded.
    const metrics = [metric(process.pid, 'Browser', Date.now() - process.uptime() * 1000)];
    assert.equal(withAppMetrics(tree, metrics).processes[0].app.type, 'Browser');
  });

  it('rejects wrong arguments', () => {
    for (const tree of [undefined, null, {}, []])
      assert.throws(() => withAppMetrics(tree, METRICS), { code: 'ERR_INVALID_ARG_TYPE' });
    for (const metrics of [undefined, null, {}, 'Tab'])
      assert.throws(() => withAppMetrics(TREE, metrics), { code: 'ERR_INVALID_ARG_TYPE' });
  });
});

// The parts of Electron that examples/electron/main.js uses. It quits when the example has printed everything once.
const STAND_IN = `
  const { EventEmitter } = require('node:events');
  exports.app = Object.assign(new EventEmitter(), {
    whenReady: async () => {},
    getAppMetrics: () => [
      { pid: process.pid, type: 'Browser', creationTime: Date.now() - process.uptime() * 1000 },
      { pid: 4194305, type: 'GPU', creationTime: 1 },
    ],
  });
  exports.BrowserWindow = class { loadURL() {} };
  const write = process.stdout.write;
  process.stdout.write = function (text, ...rest) {
    if (text.includes('is not below')) setImmediate(() => exports.app.emit('quit'));
    return write.call(this, text, ...rest);
  };`;

describe('the example for Electron', () => {
  let modules;

  before(() => {
    modules = fs.mkdtempSync(path.join(os.tmpdir(), 'process-memory-info-'));
    fs.mkdirSync(path.join(modules, 'electron'));
    fs.writeFileSync(path.join(modules, 'electron/index.js'), STAND_IN);
    fs.symlinkSync(path.join(__dirname, '..'), path.join(modules, 'process-memory-info'));
  });

  after(() => {
    fs.rmSync(modules, { recursive: true });
  });

  it('shows the main process, its children, and processes outside its tree', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(__dirname, '../examples/electron/main.js')],
      { env: { ...process.env, NODE_PATH: modules }, encoding: 'utf8', timeout: 30000 },
    );
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    assert.match(stdout, /'Browser'.*MiB/);
    assert.match(stdout, /'child process'.*MiB/);
    assert.match(stdout, /GPU 4194305 is not below this process/);
  });
});
