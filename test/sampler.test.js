'use strict';

// The contract of a sampler: samples, ends, errors, and what keeps the program alive.

const assert = require('node:assert/strict');
const { spawn, spawnSync } = require('node:child_process');
const { getEventListeners, once } = require('node:events');
const { performance } = require('node:perf_hooks');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

const memory = require('..');
const { sample } = require('../lib/sampler');
const { startNode } = require('./helpers/child');
const { eventually } = require('./helpers/eventually');
const { answerWith, restore } = require('./helpers/made-up-trees');

const SAMPLER = path.join(__dirname, '../lib/sampler');
const ASYNC_DISPOSE = Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose');
const NEVER = 2 ** 31 - 1;

async function take(sampler, count) {
  const samples = [];
  for await (const each of sampler) if (samples.push(each) === count) break;
  return samples;
}

/** Blocks the event loop. */
function block(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function runNode(...args) {
  return spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30000 });
}

describe('sample', () => {
  afterEach(restore);

  it('yields trees like those of getTreeMemoryInfo()', async () => {
    const child = await startNode();
    const before = Date.now();
    const [first] = await take(sample(child.pid), 1);
    assert.deepEqual(Object.keys(first), [
      'time',
      'elapsed',
      'late',
      'missed',
      'trees',
      'total',
      'started',
      'exited',
      'failures',
    ]);
    const tree = memory.getTreeMemoryInfo(child.pid);
    assert.deepEqual(Object.keys(first.trees[0]), Object.keys(tree));
    assert.deepEqual(Object.keys(first.trees[0].processes[0]), Object.keys(tree.processes[0]));
    assert.equal(first.trees[0].processes[0].creationTime, tree.processes[0].creationTime);
    assert.equal(first.total, first.trees[0].total);
    assert.ok(first.time >= before && first.time <= Date.now());
    assert.deepEqual(
      first.started.map(({ pid, name, firstSeen, exited }) => ({ pid, name, firstSeen, exited })),
      [{ pid: child.pid, name: tree.processes[0].name, firstSeen: 0, exited: false }],
    );
    assert.deepEqual([first.exited, first.failures, first.missed], [[], [], 0]);
  });

  it('reads at each multiple of the interval, and counts those that it misses', async () => {
    const sampler = sample(process.pid, { interval: 20 });
    let tick = -1;
    let samples = 0;
    for await (const { elapsed, late, missed } of sampler) {
      tick += missed + 1;
      assert.ok(late >= 0 && late < 20, `${late}`);
      assert.ok(Math.abs(elapsed - tick * 20 - late) <= 1, `${elapsed} is ${tick} × 20 + ${late}`);
      samples++;
      if (samples === 10) block(150);
      if (samples === 30) break;
    }
    const { summary } = sampler;
    assert.equal(summary.samples, 30);
    assert.ok(summary.missed >= 6, `${summary.missed}`);
    assert.equal(tick, summary.samples + summary.missed - 1);
  });

  it('reads one at a time, and skips the ticks during a reading', async () => {
    const { getTreeMemoryInfo } = memory;
    let reading = 0;
    let most = 0;
    answerWith(async (pid) => {
      most = Math.max(most, ++reading);
      await sleep(55);
      reading--;
      return getTreeMemoryInfo(pid);
    });
    const samples = await take(sample(process.pid, { interval: 20 }), 4);
    assert.equal(most, 1);
    for (const { missed } of samples.slice(1)) assert.ok(missed >= 2, `${missed}`);
  });

  it('yields the newest sample to a slow consumer, with the starts and exits that it missed', async () => {
    const sampler = sample(process.pid, { interval: 20 });
    const samples = sampler[Symbol.asyncIterator]();
    await samples.next();
    const child = await startNode();
    const goal = () => sampler.summary.processes.some(({ pid }) => pid === child.pid);
    await eventually(() => assert.ok(goal()));
    await child.stop();
    await eventually(() => assert.ok(sampler.summary.exited > 0));
    const { samples: taken, missed: skipped } = sampler.summary;
    const { value } = await samples.next();
    assert.equal(value.missed, taken + skipped - 2);
    assert.deepEqual(
      [value.started, value.exited].map((records) => records.map(({ pid }) => pid)),
      [[child.pid], [child.pid]],
    );
    assert.equal(value.exited[0].exited, true);
    await samples.return();
  });

  it('resolves calls of next() in order, and those left at the end with done', async () => {
    const sampler = sample(process.pid, { interval: 20 });
    const samples = sampler[Symbol.asyncIterator]();
    const [first, second] = await Promise.all([samples.next(), samples.next()]);
    assert.ok(second.value.elapsed > first.value.elapsed);
    const waiting = [samples.next(), samples.next(), samples.next()];
    await samples.return('result').then((last) => {
      assert.deepEqual(last, { done: true, value: 'result' });
    });
    const answers = await Promise.all(waiting);
    assert.deepEqual(answers.at(-1), { done: true, value: undefined });
    assert.deepEqual(await samples.next(), { done: true, value: undefined });
  });

  it('has a summary even if it is not iterated', async () => {
    const sampler = sample(process.pid, { interval: 10 });
    assert.equal(sampler.summary.ended, undefined);
    await eventually(() => assert.ok(sampler.summary.samples >= 3));
    const summary = await sampler.stop();
    assert.equal(summary.ended, 'stop');
    assert.deepEqual(await sampler.stop(), summary);
    assert.deepEqual(sampler.summary, summary);
    assert.equal(summary.peak.trees[0].pid, process.pid);
    assert.equal(summary.peak.total, summary.peak.trees[0].total);
    assert.deepEqual(summary.largest, summary.processes[0]);
    assert.equal(summary.largest.pid, process.pid);
    assert.equal(
      summary.started,
      summary.exited + summary.processes.filter((p) => !p.exited).length,
    );
  });

  it('is not affected by setting the clock', async () => {
    const { now } = Date;
    try {
      const sampler = sample(process.pid, { interval: 20 });
      const times = [];
      let previous = -1;
      for await (const { time, elapsed, missed } of sampler) {
        assert.ok(elapsed > previous && missed < 500, `${elapsed} after ${previous}`);
        previous = elapsed;
        if (times.push(time) === 3) Date.now = () => now() - 3600e3;
        if (times.length === 6) break;
      }
      assert.ok(times[3] < times[2] - 3000e3, 'time is the clock that was set');
      assert.equal(sampler.summary.exited, 0);
    } finally {
      Date.now = now;
    }
  });

  it('takes one sample after the machine has slept', async () => {
    const { now } = performance;
    const HOURS = 8 * 3600e3;
    try {
      const sampler = sample(process.pid, { interval: 50 });
      const missed = [];
      let last;
      for await (const each of sampler) {
        if (missed.push(each.missed) === 3)
          performance.now = () => Reflect.apply(now, performance, []) + HOURS;
        last = each;
        if (missed.length === 6) break;
      }
      assert.ok(missed[3] >= HOURS / 50 - 1, `${missed}`);
      for (const later of missed.slice(4)) assert.ok(later < 1000, `${missed}`);
      assert.ok(last.elapsed >= HOURS);
    } finally {
      performance.now = now;
    }
  });

  describe('ends', () => {
    it('when the root exits', async () => {
      const child = await startNode();
      const sampler = sample(child.pid, { interval: 10 });
      let samples = 0;
      for await (const { trees } of sampler) {
        assert.equal(trees.length, 1);
        if (++samples === 3) child.kill();
      }
      const { ended, exited, started, processes } = sampler.summary;
      assert.deepEqual({ ended, exited, started }, { ended: 'exit', exited: 1, started: 1 });
      assert.equal(processes[0].pid, child.pid);
      assert.equal(processes[0].exited, true);
      assert.ok(processes[0].lastSeen > 0 && processes[0].lastSeen <= sampler.summary.elapsed);
    });

    it('as soon as Node.js knows that a ChildProcess has exited', async () => {
      const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
      const sampler = sample(child, { interval: NEVER });
      const samples = sampler[Symbol.asyncIterator]();
      assert.equal((await samples.next()).value.trees[0].pid, child.pid);
      const end = samples.next();
      child.kill('SIGKILL');
      assert.equal((await end).done, true);
      assert.equal(sampler.summary.ended, 'exit');
      assert.equal(sampler.summary.processes[0].exited, true);
      assert.equal(child.listenerCount('exit'), 0);
    });

    it('at the start if the process has exited since sample() was called', async () => {
      const child = spawn(process.execPath, ['-e', '']);
      const handles = [memory.openProcess(child.pid), await memory.promises.openProcess(child.pid)];
      await once(child, 'exit');
      for (const target of [child, ...handles]) {
        const sampler = sample(target);
        assert.deepEqual(await take(sampler, 1), []);
        assert.equal(sampler.summary.ended, 'exit');
        assert.equal(sampler.summary.samples, 0);
        assert.equal(sampler.summary.peak, undefined);
      }
      for (const handle of handles) handle.close();
    });

    it('after its duration', async () => {
      const sampler = sample(process.pid, { interval: 20, duration: 90 });
      const samples = await take(sampler);
      assert.equal(sampler.summary.ended, 'duration');
      assert.ok(samples.at(-1).elapsed - samples.at(-1).late <= 80);
      assert.ok(sampler.summary.elapsed >= 89, `${sampler.summary.elapsed}`);
      assert.equal((await take(sample(process.pid, { duration: 0 }))).length, 1);
    });

    it('with the reason of the signal', async () => {
      const reason = new Error('enough');
      for (const when of ['before', 'while waiting', 'while reading', 'between']) {
        const controller = new AbortController();
        const { signal } = controller;
        if (when === 'before') controller.abort(reason);
        const sampler = sample(process.pid, { interval: 20, signal });
        const samples = sampler[Symbol.asyncIterator]();
        if (when !== 'before' && when !== 'while reading') await samples.next();
        if (when === 'between') controller.abort(reason);
        const next = samples.next();
        if (when.startsWith('while')) controller.abort(reason);
        await assert.rejects(next, (error) => error === reason, when);
        assert.equal((await samples.next()).done, true, 'it throws once');
        assert.equal((await sampler.stop()).ended, 'abort');
        assert.equal(getEventListeners(signal, 'abort').length, 0);
      }
    });

    it('when it is stopped or disposed of, and does not read after that', async () => {
      for (const how of ['stop', ASYNC_DISPOSE]) {
        const { getTreeMemoryInfo } = memory;
        let readings = 0;
        let done = 0;
        answerWith(async (pid) => {
          readings++;
          await sleep(30);
          done++;
          return getTreeMemoryInfo(pid);
        });
        const { signal } = new AbortController();
        const sampler = sample(process.pid, { interval: 10, signal });
        const next = sampler[Symbol.asyncIterator]().next();
        await sampler[how]();
        assert.deepEqual(await next, { done: true, value: undefined });
        assert.deepEqual([readings, done], [1, 1]);
        assert.equal(sampler.summary.samples, 1, 'what was being read is in the summary');
        await sleep(50);
        assert.equal(readings, 1);
        assert.equal(getEventListeners(signal, 'abort').length, 0);
      }
    });

    it('when the loop is left, by break or by an error', async () => {
      const sampler = sample(process.pid, { interval: 10 });
      await assert.rejects(async () => {
        for await (const _ of sampler) throw new Error('of the loop');
      }, /of the loop/);
      assert.equal(sampler.summary.ended, 'stop');
    });
  });

  describe('fails', () => {
    const broken = Object.assign(new Error('no descriptor'), { code: 'EMFILE' });

    it('with the error of the reading, once', async () => {
      answerWith(() => Promise.reject(broken));
      const sampler = sample(process.pid);
      const samples = sampler[Symbol.asyncIterator]();
      await assert.rejects(samples.next(), broken);
      assert.equal((await samples.next()).done, true);
      assert.equal(sampler.summary.ended, 'error');
      await assert.rejects(sampler.stop(), broken);
      await sampler[ASYNC_DISPOSE]();
    });

    it('without an unhandled rejection if it is not iterated', async () => {
      answerWith(() => Promise.reject(broken));
      const sampler = sample(process.pid);
      await eventually(() => assert.equal(sampler.summary.ended, 'error'));
      await assert.rejects(sampler.stop(), broken);
    });

    it('at once for a target that cannot be sampled', () => {
      const wrong = [
        [{}, 'ERR_INVALID_ARG_TYPE'],
        [undefined, 'ERR_INVALID_ARG_TYPE'],
        [null, 'ERR_INVALID_ARG_TYPE'],
        ['1', 'ERR_INVALID_ARG_TYPE'],
        [Symbol('pid'), 'ERR_INVALID_ARG_TYPE'],
        [-1, 'ERR_OUT_OF_RANGE'],
        [1.5, 'ERR_OUT_OF_RANGE'],
        [[], 'ERR_OUT_OF_RANGE'],
        [[process.pid, '1'], 'ERR_INVALID_ARG_TYPE'],
        [[process.pid, -1], 'ERR_OUT_OF_RANGE'],
        [{ pid: process.pid, creationTime: 'now' }, 'ERR_INVALID_ARG_TYPE'],
        [NEVER, 'ESRCH'],
        [[NEVER, NEVER - 1], 'ESRCH'],
      ];
      for (const [target, code] of wrong) assert.throws(() => sample(target), { code });
      assert.throws(() => sample([1, 1, 'x']), {
        message: /"target\[2\]" argument must be of type number/,
      });
    });

    it('at once for a ChildProcess that was not started', async () => {
      const child = spawn('/nonexistent');
      assert.throws(() => sample(child), { code: 'ERR_INVALID_STATE' });
      await once(child, 'error');
    });

    it('at once for wrong options', () => {
      const wrong = [
        [null, 'ERR_INVALID_ARG_TYPE'],
        [1, 'ERR_INVALID_ARG_TYPE'],
        [{ interval: 9 }, 'ERR_OUT_OF_RANGE'],
        [{ interval: 2 ** 31 }, 'ERR_OUT_OF_RANGE'],
        [{ interval: Number.NaN }, 'ERR_OUT_OF_RANGE'],
        [{ interval: '20' }, 'ERR_INVALID_ARG_TYPE'],
        [{ footprint: 'always' }, 'ERR_INVALID_ARG_TYPE'],
        [{ peaks: 'since' }, 'ERR_INVALID_ARG_TYPE'],
        [{ duration: -1 }, 'ERR_OUT_OF_RANGE'],
        [{ ref: 1 }, 'ERR_INVALID_ARG_TYPE'],
        [{ signal: {} }, 'ERR_INVALID_ARG_TYPE'],
        [{ signal: null }, 'ERR_INVALID_ARG_TYPE'],
      ];
      for (const [options, code] of wrong)
        assert.throws(() => sample(process.pid, options), { code }, JSON.stringify(options));
    });
  });

  describe('keeps the program alive', () => {
    const script = (code) => [
      '--input-type=module',
      '-e',
      `import entry from ${JSON.stringify(`${SAMPLER}.js`)}; const { sample } = entry; ${code}`,
    ];

    it('while it is iterated', () => {
      const code = `let n = 0;
        for await (const each of sample(process.pid, { interval: 50, duration: 250 })) n++;
        console.log(n > 1);`;
      const { status, stdout, stderr } = runNode(...script(code));
      assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: 'true\n', stderr: '' });
    });

    it('only while it is iterated', () => {
      const code = `const sampler = sample(process.pid, { interval: 20 });
        await sampler[Symbol.asyncIterator]().next();
        console.log(sampler.summary.samples > 0);`;
      const { status, stdout } = runNode(...script(code));
      assert.deepEqual({ status, stdout }, { status: 0, stdout: 'true\n' });
      assert.equal(runNode(...script('sample(process.pid);')).status, 0);
    });

    it('unless ref is false', () => {
      const code = 'for await (const _ of sample(process.pid, { interval: 20, ref: false }));';
      assert.equal(runNode(...script(code)).status, 13, 'Unfinished Top-Level Await');
    });
  });
});
