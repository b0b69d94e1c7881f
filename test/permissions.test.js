'use strict';

// What each user may read: exactly what the system permits, and otherwise the system's error code.

const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');

const { makePublicCopy } = require('./helpers/public-copy');

const NOBODY = 65534;

let entry;

/** A program that runs every query, in both forms, on init and on itself, and prints the results. */
const ASK = () => `
  const memory = require(${JSON.stringify(entry)});
  const attempt = async (call) => { try { return await call(); } catch ({ code, syscall }) { return { code, syscall }; } };
  const askOf = async (api, pid) => ({
    memory: await attempt(() => api.getMemoryInfo(pid)),
    counters: await attempt(() => api.getMemoryCounters(pid)),
    footprint: await attempt(() => api.getMemoryFootprint(pid)),
    tree: await attempt(() => api.getTreeMemoryInfo(pid)),
    footprints: await attempt(() => api.getTreeMemoryInfo(pid, { footprint: true })),
    limit: await attempt(() => api.getMemoryLimit(pid)),
    handle: await attempt(async () => {
      const handle = await api.openProcess(pid);
      const { creationTime } = handle;
      const answers = {
        isAlive: await attempt(() => handle.isAlive()),
        memory: await attempt(() => handle.getMemoryInfo()),
        counters: await attempt(() => handle.getMemoryCounters()),
        footprint: await attempt(() => handle.getMemoryFootprint()),
      };
      handle.close();
      return { creationTime, ...answers };
    }),
  });
  const ask = async (api) => ({
    uid: process.getuid(),
    pid: process.pid,
    init: await askOf(api, 1),
    own: await askOf(api, process.pid),
    batch: (await api.getMemoryInfoBatch([1, process.pid])).map(({ status, reason }) => reason?.code ?? status),
    system: await attempt(() => api.getSystemMemoryInfo()),
  });`;

/** The results for an unprivileged user with /proc mounted with these options, in each form. */
function askAsNobody(mountOptions) {
  const code = `${ASK()}
    (async () => console.log(JSON.stringify([await ask(memory), await ask(memory.promises)])))();`;
  const asNobody = `exec setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups "$0" -e "$1"`;
  const mount = mountOptions === undefined ? '' : `mount -t proc -o ${mountOptions} proc /proc &&`;
  const output = execFileSync(
    'unshare',
    ['--mount', 'sh', '-c', `${mount} ${asNobody}`, process.execPath, code],
    { encoding: 'utf8' },
  );
  return JSON.parse(output);
}

/** Every process may read itself. */
function assertAnswered({ memory, counters, footprint, tree, footprints, handle }, pid) {
  for (const answer of [memory, counters, footprint, tree, footprints, handle])
    assert.equal(answer.code, undefined, JSON.stringify(answer));
  assert.ok(memory.workingSetSize > 0 && counters.rss > 0 && footprint.uss > 0);
  assert.equal(footprints.processes[0].footprint.code, undefined);
  assert.equal(tree.pid, pid);
  assert.equal(handle.isAlive, true);
  for (const answer of [handle.memory, handle.counters, handle.footprint])
    assert.equal(answer.pid, pid);
}

/** Every query is refused, including opening a handle. */
function assertRefused(answers, refusal) {
  for (const [question, answer] of Object.entries(answers))
    assert.deepEqual(answer, refusal, question);
}

/** A program that changes to the user nobody, with one child of root and one of nobody. */
const asParent = (body) => `
  const { spawn } = require('node:child_process');
  const fs = require('node:fs');
  const memory = require(${JSON.stringify(entry)});
  const options = { stdio: ['pipe', 'ignore', 'inherit'] };
  const roots = spawn('sleep', ['30'], options);
  const own = spawn('setpriv', ['--reuid=${NOBODY}', '--regid=${NOBODY}', '--clear-groups', 'sleep', '30'], options);
  const sleeps = ({ pid }, uid) =>
    fs.readFileSync('/proc/' + pid + '/comm', 'utf8') === 'sleep\\n' && fs.statSync('/proc/' + pid).uid === uid;
  const becomeNobody = () => {
    process.setgroups([]);
    process.setegid(${NOBODY});
    process.seteuid(${NOBODY});
  };
  const attempt = (call) => { try { return call(); } catch ({ code, syscall }) { return { code, syscall }; } };
  (async () => {
    while (!sleeps(roots, 0) || !sleeps(own, ${NOBODY})) await new Promise((resolve) => setImmediate(resolve));
    const answer = (() => { ${body} })();
    process.seteuid(0);
    roots.kill();
    own.kill();
    console.log(JSON.stringify({ pid: process.pid, roots: roots.pid, own: own.pid, ...answer }));
  })();`;

/** Runs that program with /proc mounted with these options. */
function askAsParent(body, mountOptions) {
  const output = execFileSync(
    'unshare',
    [
      '--mount',
      'sh',
      '-c',
      `mount -t proc -o ${mountOptions} proc /proc && exec "$0" -e "$1"`,
      process.execPath,
      asParent(body),
    ],
    { encoding: 'utf8', timeout: 60000 },
  );
  return JSON.parse(output);
}

const mayMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['--mount', 'mount', '-t', 'proc', '-o', 'hidepid=1', 'proc', '/proc'])
    .status === 0;

(mayMount ? describe : describe.skip)(
  'permissions (requires the rights to mount /proc and to change the user)',
  () => {
    before(() => {
      entry = makePublicCopy();
    });

    after(() => {
      fs.rmSync(entry, { recursive: true });
    });

    it('allow reading processes of other users by default, except for footprints', () => {
      const [sync, promised] = askAsNobody();
      const refusal = { code: 'EACCES', syscall: 'open' };
      for (const { uid, pid, init, own, batch, system } of [sync, promised]) {
        assert.equal(uid, NOBODY);
        assertAnswered(own, pid);
        assert.ok(system.total > 0);
        assert.deepEqual(batch, ['fulfilled', 'fulfilled']);

        assert.ok(init.memory.workingSetSize > 0);
        assert.ok(init.counters.rss > 0);
        assert.deepEqual(init.tree.unreadable, []);
        assert.deepEqual(init.footprint, refusal);
        assert.equal(init.handle.isAlive, true);
        assert.equal(init.handle.memory.pid, 1);
        assert.equal(init.handle.counters.pid, 1);
        assert.deepEqual(init.handle.footprint, refusal);

        const { processes, total } = init.footprints;
        const { footprint, ...rest } = processes[0].footprint;
        assert.deepEqual(rest, { swap: rest.swap, method: 'status', code: 'EACCES' });
        assert.equal(footprint, processes[0].privateBytes + rest.swap);
        assert.ok(footprint > 0, 'a refusal is not a 0');
        const exact = processes.filter((info) => info.footprint.code === undefined);
        const itself = processes.find((info) => info.pid === pid);
        assert.equal(itself?.footprint.code, undefined);
        assert.equal(total.footprint.covered, exact.length);
        assert.equal(total.footprint.of, processes.length);
        assert.ok(total.footprint.covered < total.footprint.of);
      }
    });

    it('cause EPERM with hidepid=1, which shows processes but not their contents', () => {
      for (const { pid, init, own, batch } of askAsNobody('hidepid=1')) {
        assertRefused(init, { code: 'EPERM', syscall: 'open' });
        assertAnswered(own, pid);
        assert.deepEqual(batch, ['EPERM', 'fulfilled']);
      }
    });

    it('cause ESRCH with hidepid=2, which hides processes', () => {
      for (const { pid, init, own, batch } of askAsNobody('hidepid=2')) {
        assertRefused(init, { code: 'ESRCH', syscall: 'open' });
        assertAnswered(own, pid);
        assert.deepEqual(batch, ['ESRCH', 'fulfilled']);
      }
    });

    const TREES = `
      becomeNobody();
      return { tree: memory.getTreeMemoryInfo(), footprints: memory.getTreeMemoryInfo(process.pid, { footprint: true }) };`;

    it('put children that may not be read into unreadable, with hidepid=1', () => {
      const { pid, own, roots, tree, footprints } = askAsParent(TREES, 'hidepid=1');
      for (const { processes, total, unreadable } of [tree, footprints]) {
        assert.deepEqual(processes.map((info) => info.pid).sort(), [pid, own].sort());
        assert.deepEqual(unreadable, [{ pid: roots, code: 'EPERM', syscall: 'open' }]);
        assert.equal(total.processes, 2);
      }
    });

    it('leave out hidden children, with hidepid=2', () => {
      const { pid, own, tree, footprints } = askAsParent(TREES, 'hidepid=2');
      for (const { processes, total, unreadable } of [tree, footprints]) {
        assert.deepEqual(processes.map((info) => info.pid).sort(), [pid, own].sort());
        assert.deepEqual(unreadable, []);
        assert.equal(total.processes, 2);
      }
    });

    it('are those of the current user, not of the user who opened the handle', () => {
      const body = `
        const handle = memory.openProcess(roots.pid);
        const before = attempt(() => handle.getMemoryFootprint());
        becomeNobody();
        const after = attempt(() => handle.getMemoryFootprint());
        const answer = { before, after, info: attempt(() => handle.getMemoryInfo()), alive: attempt(() => handle.isAlive()) };
        handle.close();
        return answer;`;
      const { roots, before, after, info, alive } = askAsParent(body, 'hidepid=0');
      assert.ok(before.uss > 0 && before.pid === roots);
      assert.deepEqual(after, { code: 'EACCES', syscall: 'open' });
      assert.equal(info.pid, roots);
      assert.equal(alive, true);
    });
  },
);

const mayUnshare =
  process.platform === 'linux' &&
  spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0;

(mayUnshare ? describe : describe.skip)(
  'a pid namespace (requires the rights to create one and to mount its /proc)',
  () => {
    before(() => {
      entry = makePublicCopy();
    });

    after(() => {
      fs.rmSync(entry, { recursive: true });
    });

    it('shows the processes in it, with their pids there, and none from outside', () => {
      const code = `${ASK()}
        const { spawn } = require('node:child_process');
        (async () => {
          const child = spawn('sleep', ['30'], { stdio: ['pipe', 'ignore', 'inherit'] });
          const [sync, promised] = [await ask(memory), await ask(memory.promises)];
          const outside = await attempt(() => memory.getMemoryInfo(${process.pid}));
          const hidden = await attempt(() => memory.openProcess(${process.pid}));
          child.kill();
          console.log(JSON.stringify({ child: child.pid, sync, promised, outside, hidden }));
        })();`;
      const output = execFileSync(
        'unshare',
        // The last command keeps the shell alive as the init of the namespace.
        [
          '--pid',
          '--fork',
          '--mount-proc',
          'sh',
          '-c',
          '"$0" -e "$1"; true',
          process.execPath,
          code,
        ],
        { encoding: 'utf8', timeout: 60000 },
      );
      const { child, sync, promised, outside, hidden } = JSON.parse(output);
      for (const { pid, init, own } of [sync, promised]) {
        assert.ok(pid < child && child < process.pid, `${pid}, ${child}: pids of the namespace`);
        assertAnswered(own, pid);
        assertAnswered(init, 1);
        const { processes, unreadable } = init.tree;
        assert.deepEqual(
          processes.map((info) => [info.pid, info.ppid]),
          [
            [1, 0],
            [pid, 1],
            [child, pid],
          ],
        );
        assert.deepEqual(unreadable, []);
        assert.deepEqual(init.footprints.total.footprint.covered, 3);
      }
      assert.deepEqual(outside, { code: 'ESRCH', syscall: 'open' });
      assert.deepEqual(hidden, { code: 'ESRCH', syscall: 'open' });
    });
  },
);
