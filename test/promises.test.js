'use strict';

// Problems of the promise form only: many calls at once, and threads and processes that end early.

const assert = require('node:assert/strict');
const path = require('node:path');
const { Worker } = require('node:worker_threads');

const memory = require('..');

const { runNode, startNode, startFixture } = require('./helpers/child');

const ENTRY = path.join(__dirname, '..');

/** A process with a fixed number of descendants, independent of what else runs on the machine. */
const startRoot = () => (process.platform === 'linux' ? startFixture('fan', 50) : startNode());

describe('promises', () => {
  it('are the same functions from both entry points, and from import', async () => {
    assert.equal(require('process-memory-info/promises'), memory.promises);
    const main = await import('process-memory-info');
    const promises = await import('process-memory-info/promises');
    assert.equal(main.default, memory);
    for (const name of Object.keys(memory)) assert.equal(main[name], memory[name], name);
    for (const name of Object.keys(memory.promises)) {
      assert.equal(promises[name], memory.promises[name], name);
      assert.equal(typeof memory[name], 'function', `${name} has a form that answers at once`);
    }
  });

  it('resolve 2,000 concurrent calls, each with its own result', async () => {
    const none = 2 ** 32 - 1;
    const { pid } = await startNode();
    const pids = Array.from({ length: 2000 }, (_, i) => [process.pid, pid, none][i % 3]);
    const answers = await Promise.allSettled(pids.map((pid) => memory.promises.getMemoryInfo(pid)));
    answers.forEach((answer, i) => {
      if (pids[i] === none) assert.equal(answer.reason.code, 'ESRCH');
      else assert.equal(answer.value.pid, pids[i]);
    });
  });

  it('do not change results of the synchronous form', async () => {
    const { pid } = await startNode();
    const pending = memory.promises.getMemoryInfo(pid);
    const { workingSetSize } = memory.getMemoryInfo(process.pid);
    assert.notEqual((await pending).workingSetSize, workingSetSize);
  });

  it('may be pending when the process exits', async () => {
    const { pid } = await startRoot();
    const code = `
      const { promises } = require(${JSON.stringify(ENTRY)});
      for (let i = 0; i < 500; i++) promises.getTreeMemoryInfo(${pid});
      process.exit(7);`;
    const { status, stderr } = runNode(['-e', code]);
    assert.equal(status, 7, stderr);
  });

  it('may be pending when their worker ends', async () => {
    const { pid } = await startRoot();
    const code = `
      const { promises, getMemoryInfo } = require(${JSON.stringify(ENTRY)});
      const { parentPort } = require('node:worker_threads');
      for (let i = 0; i < 50; i++) {
        promises.getTreeMemoryInfo(${pid});
        promises.getMemoryInfoBatch([1, 2, 3]);
        promises.getMemoryInfo();
      }
      parentPort.postMessage(getMemoryInfo().pid);
      setInterval(() => promises.getMemoryInfo(), 1);`;
    for (let i = 0; i < 10; i++) {
      const worker = new Worker(code, { eval: true });
      assert.equal(await new Promise((resolve) => worker.once('message', resolve)), process.pid);
      await worker.terminate();
    }
    assert.equal((await memory.promises.getMemoryInfo()).pid, process.pid);
  });
});

/** What workers do in a loop until they are terminated. */
const ENDLESS = [
  'memory.getMemoryInfo(process.ppid)',
  'try { memory.getMemoryInfo(2 ** 31) } catch {}',
  'memory.getMemoryInfoBatch([1, 2 ** 31])',
  'memory.getTreeMemoryInfo()',
  'memory.openProcess().close()',
  'memory.promises.getMemoryInfo(process.ppid)',
  'memory.promises.getMemoryInfoBatch([1, 2 ** 31])',
  'memory.promises.getTreeMemoryInfo()',
  'memory.promises.getMemoryFootprint()',
  'memory.promises.openProcess()',
];

describe('workers', () => {
  for (const call of ENDLESS)
    it(`may be terminated at any moment during ${call}`, () => {
      const code = `
        const { Worker } = require('node:worker_threads');
        const code = ${JSON.stringify(`
          const memory = require(${JSON.stringify(ENTRY)});
          require('node:worker_threads').parentPort.postMessage('ready');
          for (;;) { ${call} }`)};
        (async () => {
          for (let i = 0; i < 6; i++) {
            const worker = new Worker(code, { eval: true });
            await new Promise((resolve) => worker.once('message', resolve));
            await new Promise((resolve) => setTimeout(resolve, i));
            await worker.terminate();
          }
          process.exit(7);
        })()`;
      const { status, stderr } = runNode(['-e', code]);
      assert.equal(status, 7, stderr);
    });

  it('call the functions and end, ten at once', async () => {
    const code = `
      const memory = require(${JSON.stringify(ENTRY)});
      const { parentPort } = require('node:worker_threads');
      (async () => {
        const info = memory.getMemoryInfo();
        const later = await memory.promises.getMemoryInfo();
        parentPort.postMessage([info.pid, later.pid, memory.getTreeMemoryInfo().pid]);
      })();`;
    for (let round = 0; round < 3; round++) {
      const workers = Array.from({ length: 10 }, () => new Worker(code, { eval: true }));
      const answers = await Promise.all(
        workers.map(
          (worker) =>
            new Promise((resolve, reject) => {
              let answer;
              worker.once('message', (message) => {
                answer = message;
              });
              worker.once('error', reject);
              worker.once('exit', () => resolve(answer));
            }),
        ),
      );
      for (const answer of answers)
        assert.deepEqual(answer, [process.pid, process.pid, process.pid]);
    }
  });
});
