'use strict';

// No descriptor and no memory leaks, after success and after failure; and the errors when either runs out.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');

const memory = require('..');
const { startFixture } = require('./helpers/child');
const { NO_PID, callsOfHandle, callsOfMachine, callsOfPids } = require('./helpers/everything');

const ENTRY = path.join(__dirname, '..');

const openDescriptors = () => fs.readdirSync('/proc/self/fd').length;

/** Collects garbage of other tests: handles in it would otherwise be closed at any moment. */
async function collectGarbage() {
  v8.setFlagsFromString('--expose-gc');
  const gc = vm.runInNewContext('gc');
  for (let i = 0; i < 3; i++) {
    gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Every function of an API, called for a running process, a missing one, and invalid values. */
const functionsOf = (api, pid) => [
  ...[pid, NO_PID, 'no pid', -1].flatMap((target) =>
    callsOfPids(api, target, [target, pid, target]).map(([name, ask]) => [
      `${name}(${target})`,
      ask,
    ]),
  ),
  ...callsOfMachine(api),
  ['getMemoryInfo()', () => api.getMemoryInfo()],
  ['no iterable', () => api.getMemoryInfoBatch(1)],
  ['no options', () => api.getTreeMemoryInfo(pid, 1)],
];

/** Every method of a handle; `state` is whether its process runs or has exited, or the handle is closed. */
const methodsOf = (handle, state) =>
  callsOfHandle(handle).map(([name, ask]) => [`${name}(), ${state}`, ask]);

const FAILURES = ['ESRCH', 'ERR_INVALID_ARG_TYPE', 'ERR_OUT_OF_RANGE', 'ERR_INVALID_STATE'];

/** Makes a call, which may only fail with an expected error. */
async function attempt(ask) {
  try {
    await ask();
  } catch (error) {
    if (!FAILURES.includes(error.code)) throw error;
  }
}

/** All queries in both forms. `living` and `dying` are pids; `end()` ends the latter's process. */
async function questionsOf(living, dying, end) {
  const questions = [];
  const handles = [];
  for (const [form, api] of [
    ['sync', memory],
    ['promises', memory.promises],
  ]) {
    const [lives, dies, closed] = [
      await api.openProcess(living),
      await api.openProcess(dying),
      await api.openProcess(living),
    ];
    closed.close();
    handles.push(lives, dies);
    const asked = [
      ...functionsOf(api, living),
      ...methodsOf(lives, 'alive'),
      ...methodsOf(dies, 'gone'),
      ...methodsOf(closed, 'closed'),
    ];
    questions.push(...asked.map(([name, ask]) => [`${form}: ${name}`, ask]));
  }
  await end();
  return { questions, close: () => handles.map((handle) => handle.close()) };
}

(process.platform === 'linux' ? describe : describe.skip)(
  'the package (resources are counted in /proc)',
  () => {
    it('leaks no descriptor, whether calls succeed or fail', async () => {
      const [living, dying] = [await startFixture('fan', 3), await startFixture('fan', 0)];
      await collectGarbage();
      const before = openDescriptors();
      const { questions, close } = await questionsOf(living.pid, dying.pid, () => dying.stop());
      const kept = openDescriptors();
      for (const [name, ask] of questions) {
        for (let i = 0; i < 10; i++)
          await Promise.all(Array.from({ length: 10 }, () => attempt(ask)));
        assert.equal(openDescriptors(), kept, name);
      }
      close();
      // The two pipes of the dying process are closed, too.
      assert.equal(openDescriptors(), before - 2);
    });

    it('leaks no memory, whether calls succeed or fail', async function () {
      this.timeout(120000);
      const [living, dying] = [await startFixture('fan', 1), await startFixture('fan', 0)];
      // In another process, where nothing else allocates, with a fixed size of V8's young generation.
      const code = `
      const memory = require(${JSON.stringify(ENTRY)});
      const { NO_PID, callsOfHandle, callsOfMachine, callsOfPids } = require(${JSON.stringify(require.resolve('./helpers/everything'))});
      const FAILURES = ${JSON.stringify(FAILURES)};
      const functionsOf = ${functionsOf};
      const methodsOf = ${methodsOf};
      ${attempt}
      ${questionsOf}
      const round = async (ask) => {
        for (let i = 0; i < 100; i++) await attempt(ask);
        gc();
        await new Promise((resolve) => setImmediate(resolve)); // finalizers run in the next turn
        return memory.getMemoryInfo().privateBytes;
      };
      const growth = async (ask) => {
        const before = await round(ask);
        for (let i = 0; i < 3; i++) for (let k = 0; k < 100; k++) await attempt(ask);
        return (await round(ask)) - before;
      };
      const end = () => {
        process.kill(${dying.pid}, 'SIGKILL');
        const handle = memory.openProcess(${dying.pid});
        while (handle.isAlive());
        handle.close();
      };
      (async () => {
        const { questions } = await questionsOf(${living.pid}, ${dying.pid}, end);
        for (const [, ask] of questions) await round(ask);
        const grown = {};
        const start = memory.getMemoryInfo().privateBytes;
        for (const [name, ask] of questions) {
          // V8 allocates some memory occasionally; a leak grows each time.
          grown[name] = await growth(ask);
          for (let i = 0; i < 8 && grown[name] >= 64; i++)
            grown[name] = Math.min(grown[name], await growth(ask));
        }
        console.log(JSON.stringify({ grown, all: memory.getMemoryInfo().privateBytes - start }));
      })();`;
      const output = execFileSync(
        process.execPath,
        ['--expose-gc', '--max-semi-space-size=1', '-e', code],
        { encoding: 'utf8' },
      );
      const { grown, all } = JSON.parse(output);
      for (const [name, kib] of Object.entries(grown))
        assert.ok(kib < 64, `grew by ${kib} KiB in 400 calls of ${name}`);
      assert.ok(all < 4096, `grew by ${all} KiB in all`);
    });

    it('throws ENOMEM for a batch that is too large for the memory, and works again afterwards', () => {
      // Calls the binding directly: V8 ends the process when it runs out of memory itself.
      const code = `
      const memory = require(${JSON.stringify(ENTRY)});
      const binding = require(${JSON.stringify(path.join(ENTRY, 'lib/binding.js'))}).load();
      const { execFileSync } = require('node:child_process');
      const pids = new Uint32Array(4e6);
      const bytes = (memory.getMemoryCounters().vms + 64 * 1024) * 1024;
      execFileSync('prlimit', ['--pid', process.pid, '--as=' + bytes]);
      const { code, syscall } = binding.readMemoryBatch(pids);
      console.log(code, syscall, memory.getMemoryInfo().pid === process.pid);`;
      const output = execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' });
      assert.equal(output, 'ENOMEM malloc true\n');
    });

    it('throws EMFILE when no descriptor is left, and works again afterwards', () => {
      const code = `
      const memory = require(${JSON.stringify(ENTRY)});
      const fs = require('node:fs');
      const assert = require('node:assert/strict');
      const open = [];
      memory.getMemoryInfo();
      try { for (;;) open.push(fs.openSync('/dev/null')); } catch (error) { assert.equal(error.code, 'EMFILE'); }
      const expected = { code: 'EMFILE', errno: -24, syscall: 'open', pid: process.pid };
      let none;
      try { memory.getMemoryInfo(2 ** 31); } catch (error) { none = error; }
      assert.throws(() => memory.getMemoryInfo(), expected);
      assert.throws(() => memory.getTreeMemoryInfo(), expected);
      const [entry] = memory.getMemoryInfoBatch([process.pid]);
      assert.equal(entry.reason.code, 'EMFILE');
      (async () => {
        await assert.rejects(memory.promises.getMemoryInfo(), expected);
        await assert.rejects(memory.promises.getTreeMemoryInfo(), expected);
        fs.closeSync(open.pop());
        assert.equal(memory.getMemoryInfo().pid, process.pid);
        fs.closeSync(open.pop());
        fs.closeSync(open.pop());
        assert.equal(memory.getTreeMemoryInfo().pid, process.pid);
        console.log('ok');
      })();`;
      const output = execFileSync(
        'sh',
        ['-c', 'ulimit -n 64; exec "$0" -e "$1"', process.execPath, code],
        {
          encoding: 'utf8',
        },
      );
      assert.equal(output, 'ok\n');
    });
  },
);
