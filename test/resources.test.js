'use strict';

// Nothing is kept: no descriptor and no memory, after success and after failure; and what happens when there is none
// to be had.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const memory = require('..');
const { startZoo } = require('./helpers/child');

const ENTRY = path.join(__dirname, '..');

const openDescriptors = () => fs.readdirSync('/proc/self/fd').length;

const QUESTIONS = [
  ['getMemoryInfo', (pid) => memory.getMemoryInfo(pid)],
  ['getMemoryInfoBatch', (pid) => memory.getMemoryInfoBatch([pid, 1, pid])],
  ['getTreeMemoryInfo', (pid) => memory.getTreeMemoryInfo(pid)],
];

function attempt(call) {
  try {
    return call();
  } catch (error) {
    assert.equal(error.code, 'ESRCH');
  }
}

async function attemptLater(call) {
  try {
    return await call();
  } catch (error) {
    assert.equal(error.code, 'ESRCH');
  }
}

(process.platform === 'linux' ? describe : describe.skip)('resources (counted in /proc)', () => {
  it('keep no descriptor, whether the calls succeed or fail', async () => {
    const { pid } = await startZoo('fan', 3);
    const before = openDescriptors();
    for (const [name, ask] of QUESTIONS) {
      for (const target of [pid, 2 ** 32 - 1]) {
        for (let i = 0; i < 200; i++) attempt(() => ask(target));
        await Promise.all(
          Array.from({ length: 100 }, () =>
            attemptLater(() => memory.promises[name](name.endsWith('Batch') ? [target] : target)),
          ),
        );
      }
    }
    assert.equal(openDescriptors(), before);
  });

  it('keep no memory, whether the calls succeed or fail', () => {
    // AddressSanitizer keeps what was freed for a while, unless it is told not to.
    const ASAN_OPTIONS = `${process.env.ASAN_OPTIONS ?? ''}:quarantine_size_mb=0:thread_local_quarantine_size_kb=0`;
    // In a process of its own, where nothing else allocates.
    const code = `
      const memory = require(${JSON.stringify(ENTRY)});
      const round = () => {
        for (let i = 0; i < 2000; i++) {
          memory.getMemoryInfo();
          memory.getTreeMemoryInfo();
          memory.getMemoryInfoBatch([process.pid, 1]);
          try { memory.getMemoryInfo(2 ** 32 - 1); } catch {}
          try { memory.getTreeMemoryInfo(2 ** 32 - 1); } catch {}
        }
        gc();
        return memory.getMemoryInfo().privateBytes;
      };
      for (let i = 0; i < 3; i++) round();
      const before = round();
      for (let i = 0; i < 5; i++) round();
      console.log(round() - before);`;
    const grown = Number(
      execFileSync(process.execPath, ['--expose-gc', '-e', code], {
        env: { ...process.env, ASAN_OPTIONS },
        encoding: 'utf8',
      }),
    );
    assert.ok(grown < 4096, `grew by ${grown} KiB in 60,000 calls`);
  });

  it('say ENOMEM where a batch takes more memory than there is, and answer again afterwards', function () {
    if (process.env.LD_PRELOAD) this.skip(); // a sanitizer itself takes more addresses than are allowed here
    // The binding is asked directly: V8 ends the process when it is short of memory itself.
    const code = `
      const memory = require(${JSON.stringify(ENTRY)});
      const binding = require(${JSON.stringify(path.join(ENTRY, 'lib/binding.js'))});
      const { execFileSync } = require('node:child_process');
      const pids = new Uint32Array(4e6);
      const bytes = (memory.getMemoryCounters().vms + 64 * 1024) * 1024;
      execFileSync('prlimit', ['--pid', process.pid, '--as=' + bytes]);
      const { code, syscall } = binding.readMemoryBatch(pids);
      console.log(code, syscall, memory.getMemoryInfo().pid === process.pid);`;
    const output = execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' });
    assert.equal(output, 'ENOMEM malloc true\n');
  });

  it('throw EMFILE when no descriptor is left, and answer again afterwards', () => {
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
});
