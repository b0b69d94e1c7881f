'use strict';

// What each wrong argument gets: the table of docs/errors.md.

const assert = require('node:assert/strict');
const os = require('node:os');

const { forms } = require('./helpers/forms');

const WRONG_TYPES = ['12', '', null, {}, [1], 1n, true, Symbol('pid'), () => 1, new Map()];
const OUT_OF_RANGE = [1.5, -1, Number.NaN, 2 ** 32, Number.POSITIVE_INFINITY, -(2 ** 40), 1e300];

function messageOf(call) {
  try {
    call();
  } catch (error) {
    return error.message;
  }
  throw new Error('it did not throw');
}

for (const { form, api } of forms) {
  describe(`arguments: ${form}`, () => {
    for (const name of ['getMemoryInfo', 'getTreeMemoryInfo']) {
      for (const value of WRONG_TYPES) {
        it(`${name} refuses ${typeof value} ${String(value)} in Node’s words`, async () => {
          // os.getPriority() checks its pid with Node's own validators.
          const message = messageOf(() => os.getPriority(value));
          const expected = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE', message };
          await assert.rejects(api[name](value), expected);
        });
      }

      for (const value of OUT_OF_RANGE) {
        it(`${name} refuses ${value}`, async () => {
          const range = Number.isInteger(value) ? '>= 0 && <= 4294967295' : 'an integer';
          await assert.rejects(api[name](value), {
            name: 'RangeError',
            code: 'ERR_OUT_OF_RANGE',
            message: `The value of "pid" is out of range. It must be ${range}. Received ${value}`,
          });
        });
      }

      it(`${name} takes every number in range for a pid`, async () => {
        for (const value of [2 ** 32 - 1, 2 ** 31, -0]) {
          await assert.rejects(api[name](value), { code: 'ESRCH' });
        }
      });
    }

    it('refuses what is no iterable of pids', async () => {
      for (const value of [undefined, null, 1, {}, '12', 1n, new Date(), () => 1]) {
        await assert.rejects(api.getMemoryInfoBatch(value), {
          name: 'TypeError',
          code: 'ERR_INVALID_ARG_TYPE',
          message: /^The "pids" argument must be an iterable of numbers\. Received /,
        });
      }
    });

    it('passes on what an iterable throws', async () => {
      function* failing() {
        yield 1;
        throw new Error('no more');
      }
      await assert.rejects(api.getMemoryInfoBatch(failing()), { message: 'no more' });
    });

    it('is not misled by a polluted Object.prototype', async () => {
      const polluted = { code: 'EPERM', syscall: 'x', pid: 1, 0: 'x', path: '/x', index: 0 };
      for (const [key, value] of Object.entries(polluted)) {
        Object.defineProperty(Object.prototype, key, { value, configurable: true, writable: true });
      }
      try {
        assert.equal((await api.getMemoryInfo()).pid, process.pid);
        assert.equal((await api.getTreeMemoryInfo()).processes[0].pid, process.pid);
        assert.equal((await api.getMemoryInfoBatch([process.pid]))[0].value.pid, process.pid);
      } finally {
        for (const key of Object.keys(polluted)) delete Object.prototype[key];
      }
    });
  });
}

describe('argument errors', () => {
  it('describe long and nameless values as Node does', async () => {
    const { getMemoryInfo } = require('..');
    const values = [
      'x'.repeat(100),
      Object.create(null),
      class A {},
      new (class B {})(),
      Object.assign(() => 1, {}),
    ];
    for (const value of values) {
      assert.equal(
        messageOf(() => getMemoryInfo(value)),
        messageOf(() => os.getPriority(value)),
      );
    }
  });
});
