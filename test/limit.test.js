'use strict';

// Limits of real control groups, if the tests may create them; the core's tests cover the rest.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');

const { startNode, startFixture } = require('./helpers/child');
const { eventually } = require('./helpers/eventually');
const { forms } = require('./helpers/forms');
const { skip } = require('./helpers/skip');

const MIB = 1024;

/**
 * Where a memory control group can be created, and the file with its limit; or why it cannot be created. In version 1
 * it is a child of our own group. In version 2 a group that contains processes cannot enable controllers for its
 * children, except at the root.
 */
function place() {
  if (process.platform !== 'linux') return { why: 'there are no control groups' };
  const read = (file) => fs.readFileSync(file, 'utf8');
  const v1 = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m.exec(read('/proc/self/cgroup'))?.[1];
  const type = v1 === undefined ? / - cgroup2 / : / - cgroup .*\bmemory\b/;
  const mount = read('/proc/self/mountinfo')
    .split('\n')
    .find((line) => type.test(line))
    ?.split(' ');
  if (mount === undefined) return { why: 'no hierarchy of control groups is mounted' };
  if (mount[3] !== '/') return { why: 'the control groups are those of a container' };
  if (v1 !== undefined)
    return { directory: path.join(mount[4], v1), file: 'memory.limit_in_bytes' };
  const given = read(path.join(mount[4], 'cgroup.subtree_control'));
  if (!/\bmemory\b/.test(given)) return { why: 'the topmost group gives memory to none below it' };
  return { directory: mount[4], file: 'memory.max', control: 'cgroup.subtree_control' };
}

/** Runs `body` with a group inside a group, each with a limit in MiB; or skips the test with the reason. */
async function withGroups(test, outerLimit, innerLimit, body) {
  const { directory, file, control, why } = place();
  if (why !== undefined) return skip(test, why);
  const outer = path.join(directory, `process-memory-info-${process.pid}`);
  const inner = path.join(outer, 'inner');
  const remove = () => {
    for (const group of [inner, outer]) if (fs.existsSync(group)) fs.rmdirSync(group);
  };
  try {
    fs.mkdirSync(outer);
    if (control !== undefined) fs.writeFileSync(path.join(outer, control), '+memory');
    fs.mkdirSync(inner);
    fs.writeFileSync(path.join(outer, file), `${outerLimit * 1024 * 1024}`);
    fs.writeFileSync(path.join(inner, file), `${innerLimit * 1024 * 1024}`);
  } catch (error) {
    remove();
    return skip(test, error.message);
  }
  const children = [];
  const join = (child) => {
    fs.writeFileSync(path.join(inner, 'cgroup.procs'), String(child.pid));
    children.push(child);
  };
  try {
    await body({ join, outer: path.join(outer, file), inner: path.join(inner, file) });
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    await eventually(remove);
  }
}

for (const { form, api } of forms) {
  describe(`getMemoryLimit: ${form}`, () => {
    it('returns the limit of an ancestor if it is the tightest', async function () {
      await withGroups(this, 300, 500, async ({ join, outer }) => {
        const child = await startFixture('grow', 100);
        join(child);
        await child.ask('more');
        await eventually(async () => {
          const limit = await api.getMemoryLimit(child.pid);
          assert.deepEqual(
            Object.keys(limit).filter((key) => key !== 'high'),
            ['pid', 'limit', 'usage', 'usageWithoutCache', 'available', 'source', 'complete'],
          );
          assert.equal(limit.pid, child.pid);
          assert.equal(limit.limit, 300 * MIB);
          assert.equal(limit.source, outer);
          assert.equal(limit.complete, true);
          assert.ok(limit.usageWithoutCache > 99 * MIB && limit.usageWithoutCache < 120 * MIB);
          assert.ok(limit.usage >= limit.usageWithoutCache);
          assert.equal(limit.available, limit.limit - limit.usageWithoutCache);
        });
      });
    });

    it('returns the limit of the process’s own group if it is the tightest', async function () {
      await withGroups(this, 500, 200, async ({ join, inner }) => {
        const child = await startNode();
        join(child);
        const { limit, source } = await api.getMemoryLimit(child.pid);
        assert.deepEqual([limit, source], [200 * MIB, inner]);
      });
    });

    it('returns null or the limit of this process', async () => {
      // For a job Windows may report the available memory without the limit, and Wine reports neither. Other systems
      // have no limits of groups.
      const ask = (...pids) =>
        api.getMemoryLimit(...pids).catch((error) => {
          if (process.platform === 'linux' || error.code !== 'ENOSYS') throw error;
          return null;
        });
      const limit = await ask();
      if (limit !== null) {
        const isLeft = process.platform === 'win32' && limit.available >= 0;
        assert.ok(limit.limit > 0 || limit.high > 0 || isLeft);
      }
      assert.deepEqual(Object.keys((await ask(process.pid)) ?? {}), Object.keys(limit ?? {}));
    });

    it('rejects a pid that has exited with ESRCH, and a value that is not a pid', async () => {
      const child = await startNode();
      await child.stop();
      await assert.rejects(api.getMemoryLimit(child.pid), { code: 'ESRCH', pid: child.pid });
      await assert.rejects(api.getMemoryLimit('1'), { code: 'ERR_INVALID_ARG_TYPE' });
      await assert.rejects(api.getMemoryLimit(-1), { code: 'ERR_OUT_OF_RANGE' });
    });
  });
}
