'use strict';

// The errors of wrong arguments, as listed in docs/errors.md.

const assert = require('node:assert/strict');
const os = require('node:os');

const { OF_A_PID } = require('./helpers/everything');
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
    for (const name of OF_A_PID) {
      for (const value of WRONG_TYPES) {
        it(`${name} rejects ${typeof value} ${String(value)} with the message of Node’s validators`, async () => {
          // os.getPriority() checks its pid with Node's own validators.
          const message = messageOf(() => os.getPriority(value));
          const expected = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE', message };
          await assert.rejects(api[name](value), expected);
        });
      }

      for (const value of OUT_OF_RANGE) {
        it(`${name} rejects ${value}`, async () => {
          const range = Number.isInteger(value) ? '>= 0 && <= 4294967295' : 'an integer';
          await assert.rejects(api[name](value), {
            name: 'RangeError',
            code: 'ERR_OUT_OF_RANGE',
            message: `The value of "pid" is out of range. It must be ${range}. Received ${value}`,
          });
        });
      }

      it(`${name} accepts every number in the range of pids`, async () => {
        for (const value of [2 ** 32 - 1, 2 ** 31]) {
          await assert.rejects(api[name](value), { code: 'ESRCH' });
        }
        // On Linux no process has the pid 0; elsewhere it is that of the kernel or the idle process.
        const outcome = await api[name](-0).then(
          () => 'a result',
          ({ code }) => code,
        );
        const others = process.platform === 'linux' ? [] : ['a result', 'EPERM', 'ENOSYS'];
        assert.ok(['ESRCH', ...others].includes(outcome), outcome);
      });
    }

    it('rejects a value that is not an iterable of pids', async () => {
      for (const value of [undefined, null, 1, {}, '12', 1n, new Date(), () => 1]) {
        await assert.rejects(api.getMemoryInfoBatch(value), {
          name: 'TypeError',
          code: 'ERR_INVALID_ARG_TYPE',
          message: /^The "pids" argument must be an iterable of numbers\. Received /,
        });
      }
    });

    it('reads the other pids if one throws when inspected', async () => {
      const boom = () => {
        throw new Error('boom');
      };
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      const shy = [
        Object.defineProperty({}, 'constructor', { get: boom }),
        { constructor: { name: Symbol('name') } },
        Object.defineProperty(() => 1, 'name', { get: boom }),
        proxy,
      ];
      const entries = await api.getMemoryInfoBatch([...shy, process.pid]);
      for (const { reason } of entries.slice(0, -1))
        assert.equal(reason.code, 'ERR_INVALID_ARG_TYPE');
      assert.equal(entries.at(-1).value.pid, process.pid);
      for (const value of shy) {
        await assert.rejects(api.getMemoryInfo(value), { code: 'ERR_INVALID_ARG_TYPE' });
      }
    });

    it('rethrows the error of an iterable', async () => {
      function* failing() {
        yield 1;
        throw new Error('no more');
      }
      await assert.rejects(api.getMemoryInfoBatch(failing()), { message: 'no more' });
    });

    it('ignores a polluted Object.prototype', async () => {
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
  it('describe long and anonymous values as Node does', async () => {
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
