'use strict';

// Who may see what: exactly what the system allows, and its own code where it does not.

const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');

const { makePublicCopy } = require('./helpers/public-copy');

const NOBODY = 65534;

let entry;

/** What an unprivileged user is told about init and about itself, with /proc mounted with these options. */
function askAsNobody(mountOptions) {
  const code = `
    const memory = require(${JSON.stringify(entry)});
    const ask = (call) => { try { return call(); } catch ({ code, syscall }) { return { code, syscall }; } };
    console.log(JSON.stringify({
      uid: process.getuid(),
      init: ask(() => memory.getMemoryInfo(1)),
      batch: memory.getMemoryInfoBatch([1, process.pid]).map(({ status, reason }) => reason?.code ?? status),
      tree: ask(() => memory.getTreeMemoryInfo(1)),
      own: ask(() => memory.getMemoryInfo()),
    }));`;
  const asNobody = `exec setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups "$0" -e "$1"`;
  const mount = mountOptions === undefined ? '' : `mount -t proc -o ${mountOptions} proc /proc &&`;
  const output = execFileSync(
    'unshare',
    ['--mount', 'sh', '-c', `${mount} ${asNobody}`, process.execPath, code],
    { encoding: 'utf8' },
  );
  return JSON.parse(output);
}

const mayMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['--mount', 'mount', '-t', 'proc', '-o', 'hidepid=1', 'proc', '/proc'])
    .status === 0;

(mayMount ? describe : describe.skip)(
  'permissions (needs the right to mount /proc and to become nobody)',
  () => {
    before(() => {
      entry = makePublicCopy();
    });

    after(() => {
      fs.rmSync(entry, { recursive: true });
    });

    it('let one user read another’s process on an ordinary /proc', () => {
      const { uid, init, own, batch } = askAsNobody();
      assert.equal(uid, NOBODY);
      assert.ok(init.workingSetSize > 0);
      assert.ok(own.workingSetSize > 0);
      assert.deepEqual(batch, ['fulfilled', 'fulfilled']);
    });

    it('give EPERM with hidepid=1, which shows that a process is but not what it does', () => {
      const { init, own, batch, tree } = askAsNobody('hidepid=1');
      assert.deepEqual(init, { code: 'EPERM', syscall: 'open' });
      assert.deepEqual(tree, { code: 'EPERM', syscall: 'open' });
      assert.ok(own.workingSetSize > 0);
      assert.deepEqual(batch, ['EPERM', 'fulfilled']);
    });

    it('give ESRCH with hidepid=2, which hides that there is a process', () => {
      const { init, own, batch, tree } = askAsNobody('hidepid=2');
      assert.deepEqual(init, { code: 'ESRCH', syscall: 'open' });
      assert.deepEqual(tree, { code: 'ESRCH', syscall: 'open' });
      assert.ok(own.workingSetSize > 0);
      assert.deepEqual(batch, ['ESRCH', 'fulfilled']);
    });

    it('name the children that may not be read, and go on with the others', () => {
      // The asker becomes nobody, as one of its children is, while another stays root.
      const code = `
      const { spawn } = require('node:child_process');
      const memory = require(${JSON.stringify(entry)});
      const options = { stdio: ['pipe', 'ignore', 'inherit'] };
      const roots = spawn('sleep', ['30'], options);
      const own = spawn('setpriv', ['--reuid=${NOBODY}', '--regid=${NOBODY}', '--clear-groups', 'sleep', '30'], options);
      setTimeout(() => {
        process.setgroups([]);
        process.setegid(${NOBODY});
        process.seteuid(${NOBODY});
        const { processes, unreadable } = memory.getTreeMemoryInfo();
        console.log(JSON.stringify({
          read: processes.map(({ pid }) => pid).sort(),
          expected: [process.pid, own.pid].sort(),
          unreadable, roots: roots.pid,
        }));
        process.seteuid(0);
        roots.kill(); own.kill();
      }, 500);`;
      const output = execFileSync(
        'unshare',
        [
          '--mount',
          'sh',
          '-c',
          'mount -t proc -o hidepid=1 proc /proc && exec "$0" -e "$1"',
          process.execPath,
          code,
        ],
        { encoding: 'utf8' },
      );
      const { read, expected, unreadable, roots } = JSON.parse(output);
      assert.deepEqual(read, expected);
      assert.deepEqual(unreadable, [{ pid: roots, code: 'EPERM', syscall: 'open' }]);
    });
  },
);
