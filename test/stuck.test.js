'use strict';

// A process whose footprint the kernel does not return for a long time must not block anything else.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { withPreloaded } = require('./helpers/plain-env');

const INDEX = path.join(__dirname, '../lib/index.js');
const PRELOADED = path.join(__dirname, '../build/stuck.so');

const common = `
  import assert from 'node:assert/strict';
  import fs from 'node:fs';
  import { Worker } from 'node:worker_threads';
  import memory from ${JSON.stringify(INDEX)};
  const { promises } = memory;
  const ask = (options) => promises.getMemoryFootprint(process.pid, options);
  const threads = () => fs.readdirSync('/proc/self/task').length;
  const free = () => fs.rmSync(process.env.PMI_STUCK);
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
`;

/** Runs `code` in a process in which footprints are stuck until it calls free(). */
function runStuck(code) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pmi-stuck-'));
  const file = path.join(folder, 'stuck');
  fs.writeFileSync(file, '');
  const env = { ...withPreloaded(PRELOADED), PMI_STUCK: file };
  return new Promise((resolve) => {
    const args = ['--input-type=module', '-e', `${common}${code}`];
    execFile(process.execPath, args, { env, timeout: 50000 }, (error, stdout, stderr) => {
      fs.rmSync(folder, { recursive: true });
      resolve({ status: error === null ? 0 : (error.code ?? error.signal), stdout, stderr });
    });
  });
}

async function expectStatus(expected, code) {
  const { status, stderr } = await runStuck(code);
  assert.equal(status, expected, stderr);
}

const canPreload = process.platform === 'linux' && fs.existsSync(PRELOADED);

(canPreload ? describe : describe.skip)('a footprint that is stuck (preloaded, Linux)', () => {
  it('does not block the file system and other queries', () =>
    expectStatus(
      0,
      `const stuck = [1, 2, 3, 4, 5, 6, 7, 8].map(() => ask());
       await fs.promises.stat('/');
       await promises.getMemoryInfo();
       assert.equal((await promises.getTreeMemoryInfo()).processes[0].footprint, undefined);
       let answered = 0;
       for (const promise of stuck) promise.then(() => answered++);
       await sleep(20);
       assert.equal(answered, 0);
       free();
       for (const { footprint } of await Promise.all(stuck)) assert.ok(footprint > 0);`,
    ));

  it('does not delay process.exit()', () =>
    expectStatus(7, 'ask(); await sleep(50); process.exit(7)'));

  it('does not delay worker.terminate(), and is freed when it arrives late', () =>
    expectStatus(
      0,
      `const code = \`
         import memory from ${JSON.stringify(INDEX)};
         import { parentPort } from 'node:worker_threads';
         for (let i = 0; i < 6; i++)
           memory.promises.getTreeMemoryInfo(process.pid, { footprint: true });
         setTimeout(() => parentPort.postMessage('stuck'), 50);\`;
       for (let i = 0; i < 5; i++) {
         const worker = new Worker(code, { eval: true });
         await new Promise((resolve) => worker.once('message', resolve));
         await worker.terminate();
       }
       const stuck = threads();
       free();
       while (threads() > stuck - 20) await sleep(5);
       assert.ok((await ask()).footprint > 0);`,
    ));

  it('can be abandoned by a timeout or a signal, also before it begins', () =>
    expectStatus(
      0,
      `const controller = new AbortController();
       const rejected = (promise) => promise.then(() => assert.fail(), (reason) => reason);
       const late = rejected(ask({ timeout: 20 }));
       const aborted = rejected(ask({ signal: controller.signal }));
       const queued = Array.from({ length: 8 }, () => rejected(ask({ signal: controller.signal })));
       const { name, code } = await late;
       assert.deepEqual([name, code], ['TimeoutError', DOMException.TIMEOUT_ERR]);
       controller.abort(new Error('enough'));
       for (const { message } of await Promise.all([aborted, ...queued])) assert.equal(message, 'enough');`,
    ));

  it('does not occupy a slot after it was abandoned, up to 16 threads', () =>
    expectStatus(
      0,
      `const before = threads();
       for (let i = 0; i < 40; i++) await ask({ timeout: 1 }).catch(() => {});
       assert.ok(threads() <= before + 16, 'there are ' + (threads() - before) + ' more threads');
       free();
       assert.ok((await ask()).footprint > 0);
       while (threads() > before + 4) await sleep(5);`,
    ));
});
