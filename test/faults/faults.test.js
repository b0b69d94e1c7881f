'use strict';

// Makes every call of a query fail in turn, with each error, like SQLite's tests: the first, the second, and so on until
// the query completes without meeting the fault; once with only that call failing, and once with all later ones failing
// as well. Each time the result must be correct, or the error that of the call, and nothing may leak. Runs under shim.c:
// `npm run test:faults`.

const assert = require('node:assert/strict');

const memory = require('../..');
const { startFixture, stopAll } = require('../helpers/child');
const { eventually } = require('../helpers/eventually');
const control = require('./control');
const { CLOSE, codeOf, questions } = require('./questions');

const ERRORS = ['EINTR', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'EACCES', 'EPERM', 'ESRCH', 'ENOENT'];
const MOST_CALLS = 2000; // far more than a query of a tree of three processes makes

/** The calls that fail, and their errors. EINTR cannot be lasting: retries would never end. */
function* faults() {
  for (const call of ['open', 'read', 'list', 'directory', 'look']) {
    for (const code of ERRORS) {
      yield { call, code, lasting: false };
      if (code !== 'EINTR') yield { call, code, lasting: true };
    }
  }
  for (const lasting of [false, true]) yield { call: 'allocate', code: 'ENOMEM', lasting };
  for (const code of ['EINTR', 'EIO']) yield { call: 'close', code, lasting: true };
  for (const atMost of [1, 7, 64]) {
    yield { call: 'read', atMost, lasting: false };
    yield { call: 'read', atMost, lasting: true };
  }
}

const named = ({ call, code, lasting, atMost, skip }) =>
  `${call} ${code ?? `of at most ${atMost} bytes`}, ${lasting ? 'from' : 'only'} number ${skip}`;

/** Faults without an effect: interrupted calls are repeated, and errors of close() are ignored. */
const mustSucceed = ({ call, code }) =>
  call === 'close' || (code === 'EINTR' && call !== 'directory' && call !== 'look');

function checkError(error, fault, question, pid) {
  assert.ok(!mustSucceed(fault), 'it must succeed');
  // A partial read that is repeated as one read cannot be distinguished from a corrupt one.
  const codes = fault.atMost === undefined ? [codeOf(fault), ...(question.codes ?? [])] : ['EIO'];
  assert.ok(codes.includes(error.code), `${error.code} is not one of ${codes}`);
  assert.ok(error instanceof Error && error.errno < 0 && error.syscall !== '');
  assert.equal(error.pid, question.pid === false ? undefined : pid);
}

/** The remaining resources, after the event loop has had time to release those of promises. */
async function kept(before) {
  for (let i = 0; i < 50; i++) {
    const { allocations, descriptors } = control.read();
    if (allocations === before.allocations && descriptors === before.descriptors) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { allocations, descriptors } = control.read();
  return { allocations, descriptors };
}

/** Runs a query once. The outcome is checked after the fault has ended, so that nothing else can meet it. */
async function askOnce(question, form, fault) {
  const outcome = {};
  control.arm({ ...fault, calls: control.CALLS[fault.call] });
  try {
    const answer = question.ask();
    if (form === 'sync' && !(answer instanceof Promise)) outcome.answer = answer;
    else outcome.answer = await answer;
  } catch (error) {
    outcome.error = error;
  }
  return { ...outcome, ...control.disarm() };
}

/** Returns the number of calls that failed. */
async function exhaust(question, form, fault, baseline, pid) {
  for (let skip = 0; skip < MOST_CALLS; skip++) {
    const turn = { ...fault, skip };
    const before = control.read();
    const { answer, error, fired } = await askOnce(question, form, turn);
    try {
      if (error === undefined) question.right(answer, baseline, turn);
      else checkError(error, turn, question, pid);
      if (!fired) assert.equal(error, undefined);
      assert.deepEqual(await kept(before), {
        allocations: before.allocations,
        descriptors: before.descriptors,
      });
    } catch (cause) {
      throw new Error(`${named(turn)}: ${cause.message}`, { cause });
    }
    if (!fired) return skip;
  }
  throw new Error(`${named(fault)}: the calls never end`);
}

/** The result without a fault, once the processes are idle: ten equal results in a row. */
function settled(question) {
  return eventually(async () => {
    const first = await question.ask();
    try {
      for (let i = 0; i < 10; i++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        question.right(await question.ask(), first, {});
      }
      return first;
    } catch (error) {
      first?.[CLOSE]?.();
      throw error;
    }
  });
}

async function exhaustAll(question, form, baseline, pid) {
  const met = {};
  let failed = 0;
  for (const fault of faults()) {
    const count = await exhaust(question, form, fault, baseline, pid);
    met[fault.call] = Math.max(met[fault.call] ?? 0, count);
    failed += count;
  }
  return { met, failed };
}

/** The minimum number of calls of each kind, which shows that the fault reaches its target. */
const LEAST = {
  getMemoryInfo: { open: 1, read: 1, close: 1 },
  getMemoryInfoBatch: { open: 3, read: 2, allocate: 2 },
  getTreeMemoryInfo: { open: 10, read: 8, list: 2, allocate: 5 },
  'getTreeMemoryInfo with footprints': { open: 13, read: 11 },
  getMemoryCounters: { open: 4, read: 3 },
  getMemoryFootprint: { open: 3, read: 2 },
  getMemoryLimit: { open: 5, read: 4, look: 1 },
  getSystemMemoryInfo: { open: 1, read: 1 },
  openProcess: { open: 3, read: 2, allocate: 1, close: 1 },
  'handle.isAlive': { read: 1 },
  'handle.getMemoryInfo': { read: 1 },
  'handle.getMemoryCounters': { open: 3, read: 3 },
  'handle.getMemoryFootprint': { open: 1, read: 1 },
};

const forms = [
  { form: 'sync', api: memory },
  { form: 'promises', api: memory.promises },
];

for (const { form, api } of forms) {
  describe(`faults: ${form}`, () => {
    for (const name of Object.keys(LEAST)) {
      it(`${name} returns a correct result or reports the failed call, whichever call fails`, async function () {
        this.timeout(300000);
        control.begin();
        const { pid } = await startFixture('thread-fork', 1); // two threads, the second with a child
        const handle = await api.openProcess(pid);
        const question = questions(api, pid, handle)[name];
        const baseline = await settled(question);
        try {
          const { met, failed } = await exhaustAll(question, form, baseline, pid);
          for (const [call, least] of Object.entries(LEAST[name]))
            assert.ok(met[call] >= least, `${met[call]} of ${call}`);
          this.test.title += ` (${failed} failures)`;
        } finally {
          handle.close();
          baseline?.[CLOSE]?.();
        }
      });
    }
  });
}

afterEach(stopAll);
