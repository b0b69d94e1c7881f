'use strict';

// Results without figures that this system always reports, but others do not.

const assert = require('node:assert/strict');

const { layout } = require('../lib/binding').load();
const results = require('../lib/results');

const unknown = Number.NaN;

/** The numbers of a process in the binding's layout; those that are not given are unknown. */
function numbersOf(given) {
  const numbers = new Array(layout.processNumbers).fill(unknown);
  for (const [name, value] of Object.entries(given)) numbers[layout[name]] = value;
  return numbers;
}

describe('results', () => {
  it('have no key for an unknown figure', () => {
    assert.deepEqual(Object.entries(results.memoryInfo(7, [5, 9, 3, 2], 0)), [
      ['pid', 7],
      ['workingSetSize', 5],
      ['peakWorkingSetSize', 9],
      ['privateBytes', 3],
      ['sharedBytes', 2],
    ]);
    assert.deepEqual(results.memoryInfo(7, [0, 5, unknown, unknown, unknown], 1), {
      pid: 7,
      workingSetSize: 5,
    });
    for (const [at, field] of ['peakWorkingSetSize', 'privateBytes', 'sharedBytes'].entries()) {
      const numbers = [5, 5, 5, 5];
      numbers[at + 1] = unknown;
      const info = results.memoryInfo(7, numbers, 0);
      assert.ok(!(field in info));
      assert.equal(Object.keys(info).length, 4);
    }
  });

  it('have a 0 for a figure that is 0', () => {
    assert.deepEqual(results.memoryInfo(7, [0, 0, 0, 0], 0), {
      pid: 7,
      workingSetSize: 0,
      peakWorkingSetSize: 0,
      privateBytes: 0,
      sharedBytes: 0,
    });
  });

  it('have no total of a figure that one process lacks', () => {
    const known = { peakWorkingSetSize: 6, creationTime: 1000, alive: 1 };
    const numbers = [
      ...numbersOf({
        ...known,
        pid: 1,
        ppid: 0,
        workingSetSize: 5,
        privateBytes: 3,
        sharedBytes: 2,
      }),
      ...numbersOf({ ...known, pid: 2, ppid: 1, workingSetSize: 6 }),
    ];
    const tree = results.tree(1, { numbers, names: ['a', 'b'], footprints: [], unreadable: [] });
    assert.deepEqual(tree.total, { processes: 2, workingSetSize: 11 });
    assert.deepEqual(tree.processes[1], {
      pid: 2,
      workingSetSize: 6,
      peakWorkingSetSize: 6,
      ppid: 1,
      name: 'b',
      creationTime: 1000,
      alive: true,
    });
  });
});

describe('errors', () => {
  it('have no pid if they are not about a process', () => {
    const failure = { code: 'ENOMEM', syscall: 'malloc', path: '', osError: 12 };
    assert.throws(
      () => results.orThrow(failure),
      (error) => {
        assert.equal(error.message, 'ENOMEM: not enough memory, malloc');
        assert.ok(!('pid' in error) && !('path' in error));
        return true;
      },
    );
    assert.throws(() => results.orThrow(failure, 7), { code: 'ENOMEM', pid: 7 });
    assert.equal(results.orThrow(null), null);
  });
});
