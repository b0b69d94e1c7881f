'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const memory = require('..');
const { mayChoosePids } = require('./helpers/choose-pids');
const { startNode, startFixture } = require('./helpers/child');
const { eventually } = require('./helpers/eventually');
const { tellsFootprints } = require('./helpers/abilities');
const { forms } = require('./helpers/forms');

const ENTRY = path.join(__dirname, '..');
const QUESTIONS = ['isAlive', 'getMemoryInfo', 'getMemoryCounters', 'getMemoryFootprint'];
const linuxOnly = process.platform === 'linux' ? it : it.skip;
const MIB = 1024;

/** Calls either form. */
const ask = async (handle, question) => handle[question]();

for (const { form, api } of forms) {
  describe(`openProcess: ${form}`, () => {
    it('returns the same as the functions by pid', async () => {
      const child = await startNode();
      const handle = await api.openProcess(child.pid);
      const [{ creationTime }] = memory.getTreeMemoryInfo(child.pid).processes;
      assert.deepEqual({ ...handle }, { pid: child.pid, creationTime });
      assert.equal(await handle.isAlive(), true);
      await eventually(async () => {
        assert.deepEqual(await handle.getMemoryInfo(), memory.getMemoryInfo(child.pid));
        assert.deepEqual(await handle.getMemoryCounters(), memory.getMemoryCounters(child.pid));
        if (!tellsFootprints) return;
        assert.deepEqual(await handle.getMemoryFootprint(), memory.getMemoryFootprint(child.pid));
      });
      handle.close();
    });

    it('reads this process by default', async () => {
      const handle = await api.openProcess();
      assert.equal(handle.pid, process.pid);
      const [{ creationTime }] = memory.getTreeMemoryInfo().processes;
      assert.equal(handle.creationTime, creationTime);
      await eventually(async () => {
        const byHandle = await handle.getMemoryInfo();
        const byPid = memory.getMemoryInfo();
        assert.deepEqual(Object.keys(byHandle), Object.keys(byPid));
        for (const key of Object.keys(byPid)) {
          assert.ok(
            Math.abs(byHandle[key] - byPid[key]) <= 2 * MIB,
            `${key}: ${byHandle[key]}, ${byPid[key]}`,
          );
        }
        assert.ok(byHandle.peakWorkingSetSize >= byHandle.workingSetSize);
      });
      handle.close();
    });

    it('always throws ESRCH once the process has exited', async () => {
      const child = await startNode();
      const handle = await api.openProcess(child.pid);
      await child.stop();
      assert.equal(await handle.isAlive(), false);
      for (const question of QUESTIONS.slice(1)) {
        await assert.rejects(ask(handle, question), { code: 'ESRCH', pid: child.pid }, question);
      }
      handle.close();
    });

    it('throws ERR_INVALID_STATE once it is closed, and can be closed again', async () => {
      const handle = await api.openProcess();
      handle.close();
      handle.close();
      for (const question of QUESTIONS) {
        await assert.rejects(ask(handle, question), { name: 'Error', code: 'ERR_INVALID_STATE' });
      }
    });

    it('is closed at the end of its scope', async () => {
      const handle = await api.openProcess();
      handle[Symbol.dispose ?? Symbol.for('nodejs.dispose')]();
      await assert.rejects(ask(handle, 'getMemoryInfo'), { code: 'ERR_INVALID_STATE' });
    });

    it('rejects a value that is not a pid, or not the pid of a process', async () => {
      await assert.rejects(api.openProcess('1'), { code: 'ERR_INVALID_ARG_TYPE' });
      await assert.rejects(api.openProcess(-1), { code: 'ERR_OUT_OF_RANGE' });
      await assert.rejects(api.openProcess(2 ** 32 - 1), { code: 'ESRCH', pid: 2 ** 32 - 1 });
    });

    it('returns handles that cannot be forged or changed', async () => {
      const handle = await api.openProcess();
      assert.throws(() => new handle.constructor(), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
      assert.throws(() => new handle.constructor(Symbol('ours'), 1, {}), TypeError);
      for (const question of QUESTIONS) {
        for (const stranger of [{ pid: 1, native: () => ({}) }, Object.create(handle), undefined]) {
          await assert.rejects(async () => handle[question].call(stranger), TypeError);
        }
      }
      await assert.rejects(async () => handle.getMemoryInfo.call({}), { code: 'ERR_INVALID_THIS' });
      assert.throws(() => {
        handle.pid = 1;
      }, TypeError);
      await assert.rejects(async () => handle.getMemoryInfo.call({ pid: 1 }), TypeError);
      assert.deepEqual(structuredClone({ ...handle }), {
        pid: handle.pid,
        creationTime: handle.creationTime,
      });
      assert.equal(structuredClone(handle).getMemoryInfo, undefined, 'no other thread can use it');
      handle.close();
    });

    linuxOnly('follows a process that calls exec()', async () => {
      const child = await startFixture('execs', 50);
      const handle = await api.openProcess(child.pid);
      const before = await handle.getMemoryInfo();
      assert.ok(before.privateBytes > 50 * MIB);
      assert.equal(await child.ask('now'), 'ready');
      const after = await handle.getMemoryInfo();
      assert.ok(after.privateBytes < 5 * MIB);
      assert.ok((await handle.getMemoryFootprint()).uss < 5 * MIB);
      assert.ok((await handle.getMemoryCounters()).anon < 5 * MIB);
      assert.equal(await handle.isAlive(), true);
      handle.close();
    });

    linuxOnly('reports a zombie as not alive', async () => {
      const parent = await startFixture('zombie');
      const handle = await api.openProcess(Number(parent.said[0]));
      assert.equal(await handle.isAlive(), false);
      assert.equal((await handle.getMemoryInfo()).workingSetSize, 0);
      handle.close();
    });

    (mayChoosePids() ? it : it.skip)(
      'does not accept another process with the same pid (requires root)',
      async () => {
        const first = await startNode();
        const { pid } = first;
        const handle = await api.openProcess(pid);
        await first.stop();
        await startFixture('reuse', pid);
        assert.equal(memory.getMemoryInfo(pid).pid, pid, 'the pid is reused');
        const second = await api.openProcess(pid);
        assert.equal(await second.isAlive(), true);
        assert.ok(second.creationTime >= handle.creationTime);

        assert.equal(await handle.isAlive(), false);
        for (const question of QUESTIONS.slice(1)) {
          await assert.rejects(ask(handle, question), { code: 'ESRCH' });
        }
        handle.close();
        second.close();
      },
    );
  });
}

describe('handles', () => {
  it('can be closed while a query is in progress', async () => {
    for (let i = 0; i < 200; i++) {
      const handle = await memory.promises.openProcess();
      const questions = tellsFootprints ? QUESTIONS : QUESTIONS.slice(0, -1);
      const answers = questions.map((question) => handle[question]());
      handle.close();
      const [alive, info] = await Promise.all(answers);
      assert.equal(alive, true);
      assert.equal(info.pid, process.pid);
    }
  });

  linuxOnly('leave no descriptor behind when 1,000 of them are forgotten', () => {
    const code = `
      const memory = require(${JSON.stringify(ENTRY)});
      const fs = require('node:fs');
      const count = () => fs.readdirSync('/proc/self/fd').length;
      (async () => {
        const before = count();
        let handles = [];
        for (let i = 0; i < 500; i++) {
          handles.push(memory.openProcess(), await memory.promises.openProcess(1));
        }
        const held = count() - before;
        handles = undefined;
        for (let i = 0; i < 10 && count() > before; i++) {
          gc();
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        console.log(JSON.stringify({ held, left: count() - before }));
      })();`;
    const output = execFileSync(
      'sh',
      ['-c', 'ulimit -n 8192; exec "$0" --expose-gc -e "$1"', process.execPath, code],
      {
        encoding: 'utf8',
      },
    );
    const { held, left } = JSON.parse(output);
    assert.ok(held >= 2000, `${held} descriptors`);
    assert.equal(left, 0);
  });

  linuxOnly('left open are closed when their worker ends', async () => {
    const { Worker } = require('node:worker_threads');
    const count = () => fs.readdirSync('/proc/self/fd').length;
    const code = `
      const memory = require(${JSON.stringify(ENTRY)});
      globalThis.handles = Array.from({ length: 50 }, () => memory.openProcess(1));
      memory.promises.openProcess();
      require('node:worker_threads').parentPort.postMessage('open');`;
    const before = count();
    for (let i = 0; i < 5; i++) {
      const worker = new Worker(code, { eval: true });
      await new Promise((resolve) => worker.once('message', resolve));
      await worker.terminate();
    }
    await eventually(() => assert.equal(count(), before));
  });
});
