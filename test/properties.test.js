'use strict';

// Every argument leads to a correct result or a documented error. fast-check generates the arguments; on a failure it
// prints the seed that generates them again.

const assert = require('node:assert/strict');
const { types } = require('node:util');

const fc = require('fast-check');

const memory = require('..');
const { assertArgumentError, assertRefusal, assertSound, codeOfPid } = require('./helpers/answers');

// Bounds the time of a run: slow machines try fewer arguments.
const BOUNDS = { numRuns: 1000, interruptAfterTimeLimit: 2000, markInterruptAsFailure: false };

const ODD = [
  ...[-0, Number.NaN, -1, 1.5, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 1e300, -(2 ** 31)],
  ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MIN_VALUE],
  ...[Symbol('pid'), Symbol.iterator, 1n, () => 1, class A {}, async () => {}],
  ...[new Number(1), new Date(1), /1/, new Error('1'), Promise.resolve(1), new WeakMap()],
  ...[{ valueOf: () => 1 }, { [Symbol.toPrimitive]: () => 1 }, { toString: () => '1' }],
  ...[new Proxy({}, {}), new Proxy(() => 1, {}), new ArrayBuffer(8), new SharedArrayBuffer(8)],
  ...[globalThis, Object.prototype, Object.freeze([1]), process, memory],
];

const value = fc.oneof(
  fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  }),
  fc.double(),
  fc.constantFrom(...ODD),
);
const pid = fc.oneof(
  value,
  fc.constantFrom(undefined, process.pid, process.ppid, 0, 1, 2),
  fc.nat({ max: 2 ** 17 }),
  fc.nat({ max: 2 ** 32 - 1 }),
);
const rest = fc.array(value, { maxLength: 2 });
const options = fc.oneof(
  value,
  fc.record({ footprint: fc.oneof(fc.boolean(), value) }, { requiredKeys: [] }),
);

/** The outcome of a synchronous call. */
function outcomeOf(call) {
  try {
    const answer = call();
    assert.ok(!types.isPromise(answer), 'a synchronous call returned a promise');
    return { answer };
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return { error };
  }
}

/** The outcome of a call that returns a promise, which itself never throws. */
function promised(call) {
  const promise = call();
  assert.ok(types.isPromise(promise), 'the call returned no promise');
  return promise.then(
    (answer) => ({ answer }),
    (error) => ({ error }),
  );
}

/** Checks the outcome for this pid, which defaults to the caller's own. */
function assertOutcome({ answer, error }, asked) {
  const target = asked === undefined ? process.pid : asked;
  const code = codeOfPid(target);
  if (code !== undefined) return assertArgumentError(error, code);
  if (error !== undefined) {
    // A process may read itself, unless the system does not support the query.
    if (error.code !== 'ENOSYS') assert.notEqual(target, process.pid, error.stack);
    return assertRefusal(error, target);
  }
  if (answer !== null) assert.equal(answer.pid, target);
  assertSound(answer);
}

const FORMS = [
  { form: 'sync', api: memory, outcome: outcomeOf },
  { form: 'promises', api: memory.promises, outcome: promised },
];

/** The promise of a footprint takes options, which are an object; other functions ignore what else they are given. */
const refusesOptions = (form, name, given) =>
  form === 'promises' &&
  name === 'getMemoryFootprint' &&
  given !== undefined &&
  (typeof given !== 'object' || given === null);

/** Checks a property, which may return a promise. */
const check = (...args) => fc.assert(fc.asyncProperty(...args), BOUNDS);

for (const { form, api, outcome } of FORMS) {
  describe(`any argument: ${form}`, () => {
    for (const name of ['getMemoryInfo', 'getMemoryCounters', 'getMemoryFootprint']) {
      it(`${name} returns a result or a documented error`, () =>
        check(pid, rest, async (asked, more) => {
          const result = await outcome(() => api[name](asked, ...more));
          const isPid = codeOfPid(asked === undefined ? process.pid : asked) === undefined;
          if (isPid && refusesOptions(form, name, more[0]))
            assertArgumentError(result.error, 'ERR_INVALID_ARG_TYPE');
          else assertOutcome(result, asked);
        }));
    }

    it('getMemoryLimit returns a result or a documented error', () =>
      check(pid, rest, async (asked, more) => {
        const { answer, error } = await outcome(() => api.getMemoryLimit(asked, ...more));
        // Whether the limit of this process can be read depends on the machine.
        if (error?.code === 'ENOSYS') assertRefusal(error, asked ?? process.pid);
        else assertOutcome({ answer, error }, asked);
      }));

    it('getTreeMemoryInfo returns a result or a documented error', () =>
      check(pid, options, async (asked, given) => {
        const result = await outcome(() => api.getTreeMemoryInfo(asked, given));
        const target = asked === undefined ? process.pid : asked;
        const isObject = typeof given === 'object' && given !== null;
        const footprint =
          isObject && Object.hasOwn(given, 'footprint') ? given.footprint : undefined;
        const isRight =
          given === undefined || (isObject && [undefined, true, false].includes(footprint));
        if (codeOfPid(target) === undefined && !isRight) {
          assertArgumentError(result.error, 'ERR_INVALID_ARG_TYPE');
        } else {
          assertOutcome(result, asked);
          const { processes = [], total } = result.answer ?? {};
          for (const info of processes) assert.equal('footprint' in info, footprint === true);
          assert.equal(total?.footprint?.of, footprint === true ? total?.processes : undefined);
        }
      }));

    it('getMemoryInfoBatch returns an entry for each value', () => {
      const ways = [
        (list) => list,
        (list) => new Set(list),
        (list) => list.values(),
        (list) => Object.freeze(list),
        function* (list) {
          yield* list;
        },
        (list) => Float64Array.from(list, (item) => (typeof item === 'number' ? item : Number.NaN)),
      ];
      const pids = fc.array(pid, { maxLength: 8 });
      return check(pids, fc.constantFrom(...ways), async (list, way) => {
        const { answer } = await outcome(() => api.getMemoryInfoBatch(way(list)));
        const asked = [...way(list)];
        assert.ok(Array.isArray(answer));
        assert.equal(answer.length, asked.length);
        answer.forEach(({ status, value: info, reason }, index) => {
          assert.equal(status, reason === undefined ? 'fulfilled' : 'rejected');
          // Here undefined is not a valid pid.
          if (asked[index] === undefined) assertArgumentError(reason, 'ERR_INVALID_ARG_TYPE');
          else assertOutcome({ answer: info, error: reason }, asked[index]);
        });
      });
    });

    it('getMemoryInfoBatch rejects values that are not iterable', () =>
      check(value, async (asked) => {
        const result = await outcome(() => api.getMemoryInfoBatch(asked));
        if (typeof asked !== 'string' && typeof asked?.[Symbol.iterator] === 'function') {
          assert.equal(result.answer.length, [...asked].length);
        } else {
          assertArgumentError(result.error, 'ERR_INVALID_ARG_TYPE');
        }
      }));

    it('getSystemMemoryInfo ignores arguments', () =>
      check(rest, async (more) => {
        const { answer } = await outcome(() => api.getSystemMemoryInfo(...more));
        assertSound(answer);
        assert.ok(answer.total > 0);
      }));

    it('openProcess opens a process or throws a documented error', () =>
      check(pid, rest, async (asked, more) => {
        const { answer, error } = await outcome(() => api.openProcess(asked, ...more));
        assertOutcome({ answer, error }, asked);
        answer?.close();
      }));

    it('the methods of a handle ignore arguments and reject any other this', () => {
      const questions = ['isAlive', 'getMemoryInfo', 'getMemoryCounters', 'getMemoryFootprint'];
      const other = fc.record({ stranger: value, more: rest });
      return check(fc.constantFrom(...questions), other, async (name, { stranger, more }) => {
        const handle = await api.openProcess();
        const { answer, error } = await outcome(() => handle[name](...more));
        if (refusesOptions(form, name, more[0])) assertArgumentError(error, 'ERR_INVALID_ARG_TYPE');
        else if (error !== undefined) assertRefusal(error, process.pid);
        else if (name === 'isAlive') assert.equal(answer, true);
        else assertOutcome({ answer }, process.pid);

        const { error: refusal } = await outcome(() => Reflect.apply(handle[name], stranger, more));
        assertArgumentError(refusal, 'ERR_INVALID_THIS');
        for (const close of ['close', Symbol.dispose ?? Symbol.for('nodejs.dispose')]) {
          assert.throws(() => Reflect.apply(handle[close], stranger, more), TypeError);
        }
        assert.throws(() => new handle.constructor(stranger, ...more), {
          code: 'ERR_ILLEGAL_CONSTRUCTOR',
        });
        assert.equal(handle.close(...more), undefined);
        const { error: closed } = await outcome(() => handle[name](...more));
        assert.equal(closed.code, 'ERR_INVALID_STATE');
      });
    });
  });
}

describe('any argument: withAppMetrics', () => {
  const tree = memory.getTreeMemoryInfo();
  const record = fc.record(
    {
      pid,
      type: fc.oneof(fc.string(), value),
      creationTime: fc.oneof(fc.double(), value),
      name: fc.oneof(fc.string(), value),
      serviceName: value,
    },
    { requiredKeys: [] },
  );
  const metrics = fc.array(fc.oneof({ weight: 4, arbitrary: record }, value), { maxLength: 4 });

  it('joins metrics or throws a documented error', () =>
    check(metrics, async (given) => {
      const { answer, error } = outcomeOf(() => memory.withAppMetrics(tree, given));
      const wrong = given.some(
        (metric) => codeOfPid(metric?.pid) !== undefined || typeof metric.type !== 'string',
      );
      if (wrong) {
        return assertArgumentError(
          error,
          error?.code?.match(/^ERR_(INVALID_ARG_TYPE|OUT_OF_RANGE)$/)?.[0],
        );
      }
      const apps = answer.processes.filter((info) => Object.hasOwn(info, 'app'));
      const found = [...apps, ...answer.unmatched].map((info) => info.pid);
      // If two metrics have the same pid, the later one counts.
      assert.deepEqual(new Set(found), new Set(given.map((metric) => metric.pid)));
      assert.equal(new Set(found).size, found.length);
      assert.deepEqual(
        answer.processes.map(({ app, ...info }) => info),
        tree.processes,
      );
    }));

  it('rejects values that are not a tree or not metrics', () =>
    check(value, value, async (one, other) => {
      for (const [first, second] of [
        [one, []],
        [tree, one],
        [{ processes: one }, []],
        [{ processes: [one] }, [other]],
      ]) {
        const { answer, error } = outcomeOf(() => memory.withAppMetrics(first, second));
        if (answer !== undefined) assert.ok(Array.isArray(answer.processes));
        else assert.match(error.code ?? error.stack, /^ERR_(INVALID_ARG_TYPE|OUT_OF_RANGE)$/);
      }
    }));
});
