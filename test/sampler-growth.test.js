'use strict';

// The slope of a series, and the distinction of what grows from what does not.

const assert = require('node:assert/strict');

const fc = require('fast-check');

const { assertNoGrowth, measureGrowth } = require('../lib/sampler');
const { slope } = require('../lib/sampler/slope');
const { startNode, startFixture } = require('./helpers/child');
const { answerWith, restore } = require('./helpers/made-up-trees');

const linuxOnly = process.platform === 'linux' ? it : it.skip;

describe('the slope', () => {
  // By hand, after Sen (1968): for ten values without ties the interval is from the 12th to the 34th of the 45 slopes.
  it('and its interval are those of Sen (1968)', () => {
    const values = [0, 10, 25, 28, 41, 48, 62, 70, 85, 88];
    const pairs = values
      .flatMap((a, i) => values.slice(i + 1).map((b, k) => (b - a) / (k + 1)))
      .sort((a, b) => a - b);
    assert.equal(pairs.length, 45);
    assert.deepEqual(slope(values), { slope: pairs[22], low: pairs[11], high: pairs[33] });
    assert.deepEqual(slope([3, 3, 3, 3]), { slope: 0, low: 0, high: 0 });
    assert.deepEqual(slope([1, 3]), { slope: 2, low: 2, high: 2 });
    assert.throws(() => slope([1]), { code: 'ERR_OUT_OF_RANGE' });
  });

  const series = fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 2, maxLength: 40 });

  it('is within its interval', () => {
    fc.assert(
      fc.property(series, (values) => {
        const { slope: typical, low, high } = slope(values);
        assert.ok(low <= typical && typical <= high);
      }),
    );
  });

  it('is negated with the series', () => {
    fc.assert(
      fc.property(series, (values) => {
        const [there, back] = [slope(values), slope(values.toReversed())];
        assert.ok(Math.abs(there.slope + back.slope) <= 1e-6);
      }),
    );
  });

  it('changes by the slope of an added line, and not by a constant', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: -1e6, max: 1e6 }), (values, step) => {
        const tilted = slope(values.map((value, i) => value + 1e6 + step * i));
        assert.ok(Math.abs(tilted.slope - slope(values).slope - step) <= 1e-3);
      }),
    );
  });

  it('is not changed by an outlier', () => {
    fc.assert(
      fc.property(fc.nat(10), fc.integer({ min: -1e9, max: 1e9 }), (at, outlier) => {
        const values = Array.from({ length: 11 }, (_, i) => 5 * i);
        values[at] = outlier;
        assert.equal(slope(values).slope, 5);
      }),
    );
  });
});

describe('measureGrowth', () => {
  afterEach(restore);

  linuxOnly('detects a process that grows, and passes one that does not', async () => {
    const child = await startFixture('grow', 1);
    const grow = () => child.ask('more');
    const turns = async () => {
      await grow();
      await grow();
    };
    const still = await measureGrowth(child.pid, turns, { warmup: 1, rounds: 6, settle: 0 });
    assert.equal(still.metric, 'privateBytes');
    assert.equal(still.series.length, 7);
    assert.ok(still.high < 200, JSON.stringify(still));
    assertNoGrowth(still, { maxPerRound: 100 });

    const leaks = await startNode(
      "const all = []; process.stdin.on('data', () => { all.push(Buffer.alloc(1 << 20, 1)); console.log('ok') })",
    );
    const growth = await measureGrowth(leaks.process, () => leaks.ask('more'), { settle: 0 });
    assert.ok(growth.low > 500 && growth.perRound < 2048, JSON.stringify(growth));
    assert.throws(() => assertNoGrowth(growth, { maxPerRound: 100 }), {
      name: 'AssertionError',
      code: 'ERR_ASSERTION',
    });
  });

  it('runs the rounds one after another, and reads after each', async () => {
    const calls = [];
    const pid = process.pid;
    const made = require('./helpers/made-up-trees');
    const { creationTime } = require('..').getTreeMemoryInfo().processes[0];
    let value = 100;
    answerWith(() => {
      calls.push('read');
      return made.makeTree({ pid, creationTime, privateBytes: value });
    });
    const round = async () => {
      calls.push('begin');
      await null;
      calls.push('end');
      value += 7;
    };
    const growth = await measureGrowth(pid, round, { warmup: 2, rounds: 3, settle: 0 });
    const work = ['begin', 'end'];
    assert.deepEqual(calls, [
      ...work,
      ...work,
      'read',
      ...[1, 2, 3].flatMap(() => [...work, 'read']),
    ]);
    const series = [114, 121, 128, 135];
    assert.deepEqual(growth, { metric: 'privateBytes', perRound: 7, low: 7, high: 7, series });
  });

  it('reads other figures', async () => {
    const options = { warmup: 0, rounds: 2, settle: 0 };
    for (const metric of ['workingSetSize', 'footprint']) {
      const growth = await measureGrowth(process.pid, () => {}, { ...options, metric });
      assert.equal(growth.metric, metric);
      assert.ok(growth.series.every((value) => value > 1000));
    }
  });

  it('fails for a target that exits or has exited', async () => {
    const child = await startNode();
    let rounds = 0;
    const growth = measureGrowth(child.pid, async () => ++rounds === 12 && child.stop(), {
      settle: 0,
    });
    await assert.rejects(growth, { code: 'ESRCH', pid: child.pid });
    assert.equal(rounds, 12);
    await assert.rejects(
      measureGrowth(child.process, () => {}, { settle: 0 }),
      { code: 'ESRCH' },
    );
  });

  it('fails if the figure is unknown', async () => {
    const { creationTime } = require('..').getTreeMemoryInfo().processes[0];
    answerWith(() => ({
      pid: process.pid,
      processes: [{ pid: process.pid, creationTime, workingSetSize: 1 }],
      total: { processes: 1, workingSetSize: 1 },
      unreadable: [],
    }));
    await assert.rejects(
      measureGrowth(process.pid, () => {}, { warmup: 0 }),
      { code: 'ENOSYS' },
    );
  });

  it('fails with the error of the round', async () => {
    const broken = new Error('the round');
    const round = () => {
      throw broken;
    };
    await assert.rejects(measureGrowth(process.pid, round), broken);
  });

  it('rejects wrong arguments', async () => {
    const round = () => {};
    const wrong = [
      [['x', round], 'ERR_INVALID_ARG_TYPE'],
      [[process.pid], 'ERR_INVALID_ARG_TYPE'],
      [[process.pid, round, { rounds: 1 }], 'ERR_OUT_OF_RANGE'],
      [[process.pid, round, { rounds: 2.5 }], 'ERR_OUT_OF_RANGE'],
      [[process.pid, round, { warmup: -1 }], 'ERR_OUT_OF_RANGE'],
      [[process.pid, round, { settle: '1' }], 'ERR_INVALID_ARG_TYPE'],
      [[process.pid, round, { metric: 'rss' }], 'ERR_INVALID_ARG_TYPE'],
    ];
    for (const [args, code] of wrong) await assert.rejects(measureGrowth(...args), { code });
  });
});

describe('assertNoGrowth', () => {
  const growth = {
    metric: 'privateBytes',
    perRound: 100,
    low: 80,
    high: 120,
    series: [1000, 1200],
  };

  it('passes if growth above the limit is not proven', () => {
    assertNoGrowth(growth, { maxPerRound: 80 });
    assertNoGrowth({ ...growth, low: -50 }, { maxPerRound: 0 });
  });

  it('draws the series', () => {
    const series = [1000, 1100, 1050, 1400];
    assert.throws(
      () => assertNoGrowth({ ...growth, series }, { maxPerRound: 79 }),
      (error) => {
        assert.equal(
          error.message,
          [
            'privateBytes grows by 100.0 KiB a round, with 95 % confidence by 80.0 to 120.0; at most 79 is allowed',
            '',
            'round   KiB',
            '    0  1000 █',
            `    1  1100 ${'█'.repeat(11)}`,
            `    2  1050 ${'█'.repeat(6)}`,
            `    3  1400 ${'█'.repeat(40)}`,
          ].join('\n'),
        );
        return error.actual === 80 && error.expected === 79;
      },
    );
    const long = Array.from({ length: 1000 }, (_, i) => i);
    assert.throws(
      () => assertNoGrowth({ ...growth, series: long }, { maxPerRound: 0 }),
      (error) => {
        assert.equal(error.message.split('\n').length, 3 + 20);
        return /^ {2}999 {2}999 /m.test(error.message);
      },
    );
  });

  it('rejects wrong arguments', () => {
    for (const wrong of [undefined, null, {}, { ...growth, low: Number.NaN }])
      assert.throws(() => assertNoGrowth(wrong, { maxPerRound: 1 }), {
        code: 'ERR_INVALID_ARG_TYPE',
      });
    assert.throws(() => assertNoGrowth(growth), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.throws(() => assertNoGrowth(growth, { maxPerRound: -1 }), { code: 'ERR_OUT_OF_RANGE' });
    assert.throws(() => assertNoGrowth(growth, { maxPerRound: Number.NaN }), {
      code: 'ERR_OUT_OF_RANGE',
    });
  });
});
