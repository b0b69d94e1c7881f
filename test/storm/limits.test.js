'use strict';

// When descriptors run out in the middle of it all, and when threads end.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { Worker } = require('node:worker_threads');

const memory = require('../..');
const { startZoo } = require('../helpers/child');
const { eventually } = require('../helpers/eventually');

const ENTRY = path.join(__dirname, '../..');
const WORKERS = 1000;

describe('a process at its limit of descriptors', function () {
  this.timeout(120000);

  it('gets EMFILE or the right answer, however few are left, and all answers again afterwards', async () => {
    const { pid } = await startZoo('fan', 3);
    const code = `
      const assert = require('node:assert/strict');
      const fs = require('node:fs');
      const memory = require(${JSON.stringify(ENTRY)});
      const pid = ${pid};
      const handle = memory.openProcess(pid);
      const questions = (api, handle) => [
        async () => (await api.getMemoryInfo(pid)).pid === pid,
        async () => (await api.getMemoryInfoBatch([pid, pid])).map(({ value, reason }) => {
          if (reason !== undefined) throw reason;
          return value.pid;
        }).every((value) => value === pid),
        async () => (await api.getTreeMemoryInfo(pid)).processes.length === 4,
        async () => (await api.getMemoryCounters(pid)).rss > 0,
        async () => (await api.getMemoryFootprint(pid)).uss > 0,
        async () => (await api.getMemoryLimit(pid)) !== undefined,
        async () => (await api.getSystemMemoryInfo()).total > 0,
        async () => { const opened = await api.openProcess(pid); opened.close(); return true; },
        async () => (await handle.getMemoryInfo()).pid === pid,
        async () => (await handle.getMemoryCounters()).rss > 0,
        async () => (await handle.getMemoryFootprint()).uss > 0,
        async () => (await handle.isAlive()) === true,
      ];
      (async () => {
        const later = await memory.promises.openProcess(pid);
        const all = [...questions(memory, handle), ...questions(memory.promises, later)];
        const counts = { right: 0, EMFILE: 0 };
        for (let round = 0; round < 200; round++) {
          const held = [];
          try { for (;;) held.push(fs.openSync('/dev/null')); } catch (error) { assert.equal(error.code, 'EMFILE'); }
          for (let left = 0; left < 5; left++) {
            for (const ask of all) {
              const outcome = await ask().catch(({ code }) => code);
              assert.ok(outcome === true || outcome === 'EMFILE', outcome + ' of ' + ask);
              counts[outcome === true ? 'right' : outcome]++;
            }
            fs.closeSync(held.pop());
          }
          for (const fd of held) fs.closeSync(fd);
          for (const ask of all) assert.equal(await ask(), true);
        }
        console.log(JSON.stringify(counts));
      })();`;
    const output = execFileSync(
      'sh',
      ['-c', 'ulimit -n 64; exec "$0" -e "$1"', process.execPath, code],
      { encoding: 'utf8' },
    );
    const { right, EMFILE } = JSON.parse(output);
    assert.ok(right > 1000 && EMFILE > 1000, output);
  });
});

describe(`${WORKERS} workers`, function () {
  this.timeout(300000);

  it('are terminated with promises in flight, and leave neither descriptor nor crash', async () => {
    const { pid } = await startZoo('fan', 3);
    const code = `
      const memory = require(${JSON.stringify(ENTRY)});
      const { parentPort } = require('node:worker_threads');
      const { promises } = memory;
      globalThis.kept = memory.openProcess(${pid});
      const ask = () => {
        for (let i = 0; i < 5; i++) {
          promises.getTreeMemoryInfo(${pid}, { footprint: true });
          promises.getMemoryInfoBatch([${pid}, 1, 2 ** 32 - 1]);
          promises.getMemoryInfo(${pid});
          promises.getMemoryCounters(${pid});
          promises.getMemoryFootprint(${pid});
          promises.getMemoryLimit(${pid});
          promises.getSystemMemoryInfo();
          promises.openProcess(${pid}).then((handle) => handle.getMemoryInfo());
        }
      };
      ask();
      setInterval(ask, 1);
      parentPort.postMessage('asking');`;
    const before = fs.readdirSync('/proc/self/fd').length;
    let ended = 0;
    const one = async () => {
      const worker = new Worker(code, { eval: true });
      await new Promise((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
      });
      await worker.terminate();
      ended++;
    };
    const many = async () => {
      while (ended < WORKERS) await one();
    };
    await Promise.all(Array.from({ length: 4 }, many));
    assert.ok(ended >= WORKERS);
    await eventually(() => assert.ok(fs.readdirSync('/proc/self/fd').length <= before), 30);
    assert.equal((await memory.promises.getMemoryInfo(pid)).pid, pid);
  });
});
