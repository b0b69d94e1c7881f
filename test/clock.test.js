'use strict';

// Within one program the creationTime of a process never changes, however it is read and even if the clock is set.

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { startFixture } = require('./helpers/child');
const { withPreloaded } = require('./helpers/plain-env');

const INDEX = path.join(__dirname, '../lib/index.js');
const SAMPLER = path.join(__dirname, '../lib/sampler.js');
const PRELOADED = path.join(__dirname, '../build/clock.so');

/** A day back; close to one second, which rounding may show; and on. */
const STEPS = [-86400, -1, 1, 86400];

const common = `
  const assert = require('node:assert/strict');
  const fs = require('node:fs');
  const { Worker } = require('node:worker_threads');
  const memory = require(${JSON.stringify(INDEX)});
  const { sample } = require(${JSON.stringify(SAMPLER)});
  const pid = Number(process.argv[1]);
  const start = Date.now();
  const setClock = (seconds) => {
    fs.writeFileSync(process.env.PMI_CLOCK, String(seconds));
    assert.ok(Math.abs(Date.now() - start - seconds * 1000) < 60e3, 'the clock is set');
  };
`;

/** Runs `code` in a process that can set its clock, and has the pid of a process with children. */
async function run(code) {
  const { pid } = await startFixture('fan', 5);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pmi-clock-'));
  const file = path.join(folder, 'clock');
  fs.writeFileSync(file, '0');
  const env = { ...withPreloaded(PRELOADED), PMI_CLOCK: file };
  const script = `${common}(async () => { ${code} })()`;
  await new Promise((resolve, reject) => {
    execFile(process.execPath, ['-e', script, String(pid)], { env }, (error, _, stderr) => {
      fs.rmSync(folder, { recursive: true });
      if (error === null) resolve();
      else reject(new Error(stderr));
    });
  });
}

const canPreload = process.platform === 'linux' && fs.existsSync(PRELOADED);

(canPreload ? describe : describe.skip)('setting the clock (preloaded, Linux)', () => {
  it('does not change creationTime, in any result or worker', () =>
    run(`
      const timesIn = (tree) => tree.processes.map(({ pid, creationTime }) => pid + ' ' + creationTime);
      const before = timesIn(memory.getTreeMemoryInfo(pid));
      assert.equal(before.length, 6);
      const code = 'const { parentPort, workerData: [index, pid] } = require("node:worker_threads");' +
        'parentPort.postMessage(require(index).getTreeMemoryInfo(pid))';
      const inWorker = () => new Promise((resolve) =>
        new Worker(code, { eval: true, workerData: [${JSON.stringify(INDEX)}, pid] }).once('message', resolve));
      for (const seconds of ${JSON.stringify(STEPS)}) {
        setClock(seconds);
        assert.deepEqual(timesIn(memory.getTreeMemoryInfo(pid)), before);
        assert.deepEqual(timesIn(await memory.promises.getTreeMemoryInfo(pid)), before);
        assert.deepEqual(timesIn(memory.getTreeMemoryInfoBatch([pid])[0].value), before);
        assert.deepEqual(timesIn(await inWorker()), before);
        const all = new Set(timesIn(memory.getAllMemoryInfo()));
        assert.ok(before.every((each) => all.has(each)));
        const handle = memory.openProcess(pid);
        assert.equal(pid + ' ' + handle.creationTime, before[0]);
        handle.close();
      }`));

  it('does not make a sampler report starts or exits', () =>
    run(`
      const steps = ${JSON.stringify(STEPS)};
      const sampler = sample(pid, { interval: 10 });
      let samples = 0;
      for await (const { started, exited } of sampler) {
        assert.deepEqual([started.length, exited.length], [samples++ === 0 ? 6 : 0, 0]);
        if (steps.length === 0) break;
        setClock(steps.shift());
      }
      assert.equal(samples, 5);
      assert.equal(sampler.summary.ended, 'stop');`));
});
