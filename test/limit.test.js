'use strict';

// Limits of real control groups, where the machine lets the tests make some; the core's tests have the rest.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');

const { startNode, startZoo } = require('./helpers/child');
const { eventually } = require('./helpers/eventually');
const { forms } = require('./helpers/forms');

const MIB = 1024;

/** The directory of the memory control group that this process is in, and the file that states its limit. */
function ownGroup() {
  const read = (file) => fs.readFileSync(file, 'utf8');
  const groups = read('/proc/self/cgroup');
  const mounts = read('/proc/self/mountinfo').split('\n');
  const v1 = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m.exec(groups)?.[1];
  const type = v1 === undefined ? / - cgroup2 / : / - cgroup .*\bmemory\b/;
  const mount = mounts.find((line) => type.test(line))?.split(' ');
  const group = v1 ?? /^0::(.*)$/m.exec(groups)?.[1];
  if (mount === undefined || group === undefined || mount[3] !== '/') return undefined;
  return {
    directory: path.join(mount[4], group),
    file: v1 === undefined ? 'memory.max' : 'memory.limit_in_bytes',
  };
}

/** Runs `body` with a group inside a group, each with a limit in MiB; undefined if this machine does not let us. */
async function withGroups(outerLimit, innerLimit, body) {
  const own = process.platform === 'linux' ? ownGroup() : undefined;
  if (own === undefined) return false;
  const outer = path.join(own.directory, `process-memory-info-${process.pid}`);
  const inner = path.join(outer, 'inner');
  const remove = () => {
    for (const group of [inner, outer]) if (fs.existsSync(group)) fs.rmdirSync(group);
  };
  try {
    fs.mkdirSync(outer);
    fs.mkdirSync(inner);
    fs.writeFileSync(path.join(outer, own.file), `${outerLimit * 1024 * 1024}`);
    fs.writeFileSync(path.join(inner, own.file), `${innerLimit * 1024 * 1024}`);
  } catch {
    remove();
    return false;
  }
  const children = [];
  const join = (child) => {
    fs.writeFileSync(path.join(inner, 'cgroup.procs'), String(child.pid));
    children.push(child);
  };
  try {
    await body({ join, outer: path.join(outer, own.file), inner: path.join(inner, own.file) });
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    await eventually(remove);
  }
  return true;
}

for (const { form, api } of forms) {
  describe(`getMemoryLimit: ${form}`, () => {
    it('finds the limit of a group above, if that is the tightest', async function () {
      const done = await withGroups(300, 500, async ({ join, outer }) => {
        const child = await startZoo('grow', 100);
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
      if (!done) this.skip(); // no control group may be made here
    });

    it('finds the limit of the process’s own group, if that is the tightest', async function () {
      const done = await withGroups(500, 200, async ({ join, inner }) => {
        const child = await startNode();
        join(child);
        const { limit, source } = await api.getMemoryLimit(child.pid);
        assert.deepEqual([limit, source], [200 * MIB, inner]);
      });
      if (!done) this.skip(); // no control group may be made here
    });

    it('is null, or tells what limits this process', async () => {
      const limit = await api.getMemoryLimit();
      if (limit !== null) assert.ok(limit.limit > 0 || limit.high > 0);
      assert.deepEqual(
        Object.keys((await api.getMemoryLimit(process.pid)) ?? {}),
        Object.keys(limit ?? {}),
      );
    });

    it('rejects a pid that has exited with ESRCH, and what is no pid', async () => {
      const child = await startNode();
      await child.stop();
      await assert.rejects(api.getMemoryLimit(child.pid), { code: 'ESRCH', pid: child.pid });
      await assert.rejects(api.getMemoryLimit('1'), { code: 'ERR_INVALID_ARG_TYPE' });
      await assert.rejects(api.getMemoryLimit(-1), { code: 'ERR_OUT_OF_RANGE' });
    });
  });
}
