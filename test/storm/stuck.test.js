'use strict';

// A process that is stuck in the kernel must not block its observer.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

const { Child, startFixture } = require('../helpers/child');
const { skip } = require('../helpers/skip');

const ENTRY = path.join(__dirname, '../..');
const HANG = path.join(ENTRY, 'build/storm/hang');
const SECONDS = 60; // enough for a busy machine; observers that hang are ended then

/** Runs code in another Node.js process, since it may never return. */
function observe(code, ...pids) {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ['-e', `const memory = require(${JSON.stringify(ENTRY)});${code}`, ...pids.map(String)],
    { encoding: 'utf8', timeout: SECONDS * 1000, killSignal: 'SIGKILL' },
  );
  assert.equal(signal, null, `the observer hangs: ${stdout}${stderr}`);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

describe('a process that is stuck in exec()', function () {
  this.timeout(4 * SECONDS * 1000);
  let stuck;

  beforeEach(async function () {
    if (process.getuid() !== 0) skip(this, 'requires root, to mount a FUSE file system');
    if (!fs.existsSync('/dev/fuse')) skip(this, 'there is no /dev/fuse');
    stuck = new Child(HANG, []);
    stuck.said = await stuck.ready();
  });
  afterEach(() => stuck?.stop());

  /** Whether reading a file of the process waits for it. */
  function waits(file) {
    const options = { timeout: 2000, killSignal: 'SIGKILL' };
    return spawnSync('cat', [`/proc/${stuck.said[0]}/${file}`], options).signal === 'SIGKILL';
  }

  it('blocks readers of its smaps_rollup, but not of its status', async () => {
    assert.equal(waits('smaps_rollup'), true);
    assert.equal(waits('status'), false);
    stuck.process.stdin.write('\n');
    while (waits('smaps_rollup'));
  });

  it('does not block queries of its memory and its limit', () => {
    const answers = observe(
      `const pid = Number(process.argv[1]);
      const info = memory.getMemoryInfo(pid);
      const [batch] = memory.getMemoryInfoBatch([pid]);
      let limit;
      try { limit = memory.getMemoryLimit(pid); } catch (error) { limit = error.code; }
      console.log(JSON.stringify([info.pid, batch.status, limit === undefined]));`,
      stuck.said[0],
    );
    assert.deepEqual(answers, [Number(stuck.said[0]), 'fulfilled', false]);
  });

  it('does not block trees of other processes, even while these start and exit', async () => {
    const churn = await startFixture('churn', 3);
    const trees = observe(
      `const root = Number(process.argv[1]);
      let trees = 0;
      for (; trees < 200; trees++) memory.getTreeMemoryInfo(root, { footprint: trees % 10 === 0 });
      console.log(JSON.stringify(trees));`,
      churn.pid,
    );
    assert.equal(trees, 200);
  });

  it('does not block the file system while eight promises of its footprint are pending', () => {
    const code = observe(
      `const pid = Number(process.argv[1]);
      for (let i = 0; i < 8; i++) memory.promises.getMemoryFootprint(pid).catch(() => {});
      require('node:fs').readFile(process.execPath, () => {
        console.log('"read"');
        process.exit();
      });`,
      stuck.said[0],
    );
    assert.equal(code, 'read');
  });

  it('does not block the termination of a worker with pending promises', () => {
    const terminated = observe(
      `const { Worker } = require('node:worker_threads');
      const code = \`const memory = require(\${JSON.stringify(${JSON.stringify(ENTRY)})});
        for (let i = 0; i < 8; i++) memory.promises.getMemoryFootprint(\${process.argv[1]}).catch(() => {});
        require('node:worker_threads').parentPort.postMessage('asked');\`;
      const worker = new Worker(code, { eval: true });
      worker.on('message', () => worker.terminate().then(() => {
        console.log('"terminated"');
        process.exit();
      }));`,
      stuck.said[0],
    );
    assert.equal(terminated, 'terminated');
  });

  it('can be abandoned by a timeout or a signal', () => {
    const names = observe(
      `const pid = Number(process.argv[1]);
      const controller = new AbortController();
      const nameOf = (promise) => promise.then(() => 'answered', (error) => error.name);
      Promise.all([
        nameOf(memory.promises.getMemoryFootprint(pid, { timeout: 100 })),
        nameOf(memory.promises.getMemoryFootprint(pid, { signal: controller.signal })),
      ]).then((names) => {
        console.log(JSON.stringify(names));
        process.exit();
      });
      setTimeout(() => controller.abort(), 100);`,
      stuck.said[0],
    );
    assert.deepEqual(names, ['TimeoutError', 'AbortError']);
  });
});
