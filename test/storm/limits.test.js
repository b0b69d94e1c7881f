'use strict';

// Descriptors that run out in the middle of a query, and threads that end.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { setTimeout } = require('node:timers/promises');
const { Worker } = require('node:worker_threads');

const memory = require('../..');
const { startFixture } = require('../helpers/child');
const { eventually } = require('../helpers/eventually');

const ENTRY = path.join(__dirname, '../..');
const WORKERS = Number(process.env.PMI_WORKERS || 1000);
const MOST_KIB = 49152; // what the allocator may keep for that many threads; a worker has several thousand

const openDescriptors = () => fs.readdirSync('/proc/self/fd').length;

describe('a process at its limit of descriptors', function () {
  this.timeout(600000);

  it('gets EMFILE or the right result, however few are left, and all results again afterwards', async function () {
    const { pid } = await startFixture('fan', 3);
    const output = execFileSync(
      'sh',
      ['-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath, `${__dirname}/descriptors.js`, pid],
      { encoding: 'utf8' },
    );
    const { right, EMFILE } = JSON.parse(output);
    assert.ok(right > 1000 && EMFILE > 1000, output);
    this.test.title += ` (${right} answers, ${EMFILE} errors)`;
  });
});

describe(`${WORKERS} workers`, function () {
  this.timeout(600000);

  /** Starts a worker that never stops asking, and terminates it. Returns the number of promises left pending. */
  async function endOne(pid, pause) {
    const counts = new Int32Array(new SharedArrayBuffer(8)); // asked, answered
    const workerData = { entry: ENTRY, pid, counts };
    const worker = new Worker(path.join(__dirname, 'worker.js'), { workerData });
    const failed = [];
    worker.on('error', (error) => failed.push(error));
    await new Promise((resolve) => worker.once('message', resolve).once('exit', resolve));
    await setTimeout(pause);
    await worker.terminate();
    assert.deepEqual(failed, []);
    const [asked, answered] = counts;
    return asked - answered;
  }

  it('can be terminated with promises in flight, without a crash or a leak', async function () {
    const { pid } = await startFixture('fan', 3);
    let begun = 0;
    let unanswered = 0;
    const end = async (workers) => {
      while (begun < workers) {
        begun++;
        unanswered += await endOne(pid, begun % 4);
      }
    };
    const endUpTo = (workers) => Promise.all([1, 2, 3, 4].map(() => end(workers)));
    const before = openDescriptors();
    await endUpTo(WORKERS / 5);
    gc();
    const warm = memory.getMemoryInfo().privateBytes;
    await endUpTo(WORKERS);
    await eventually(() => assert.ok(openDescriptors() <= before), 30);
    let grown;
    await eventually(() => {
      gc();
      grown = memory.getMemoryInfo().privateBytes - warm;
      assert.ok(grown < MOST_KIB, `grew by ${grown} KiB`);
    }, 30);
    assert.ok(unanswered > WORKERS, `${unanswered} promises in flight`);
    assert.equal((await memory.promises.getMemoryInfo(pid)).pid, pid);
    this.test.title += ` (${unanswered} promises in flight, ${grown} KiB after the first fifth)`;
  });
});
