'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const memory = require('..');
const { startNode, startFixture } = require('./helpers/child');
const { eventually } = require('./helpers/eventually');
const { tellsFootprints } = require('./helpers/abilities');
const { forms } = require('./helpers/forms');
const { hasPsutil, psutil } = require('./helpers/psutil');

const MIB = 1024;
const linuxOnly = process.platform === 'linux' ? it : it.skip;

function assertClose(actual, expected, share, what) {
  assert.ok(
    Math.abs(actual - expected) <= share * expected + 64,
    `${what}: ${actual} for ${expected}`,
  );
}

for (const { form, api } of forms) {
  describe(`getMemoryFootprint: ${form}`, () => {
    (tellsFootprints ? it : it.skip)('reads this process by default', async () => {
      const footprint = await api.getMemoryFootprint();
      assert.equal(footprint.pid, process.pid);
      assert.ok(footprint.footprint > 1024);
      assert.equal(typeof footprint.method, 'string');
    });

    it('rejects a pid that has exited with ESRCH', async () => {
      const child = await startNode();
      await child.stop();
      await assert.rejects(api.getMemoryFootprint(child.pid), { code: 'ESRCH', pid: child.pid });
    });

    it('rejects a value that is not a pid', async () => {
      await assert.rejects(api.getMemoryFootprint({}), { code: 'ERR_INVALID_ARG_TYPE' });
      await assert.rejects(api.getMemoryFootprint(0.5), { code: 'ERR_OUT_OF_RANGE' });
    });

    (hasPsutil ? it : it.skip)(
      'equals psutil’s memory_full_info() within 1% (requires psutil)',
      async () => {
        const { pid } = await startFixture('grow', 50);
        await eventually(async () => {
          const expected = psutil(pid, 'memory_full_info');
          const footprint = await api.getMemoryFootprint(pid);
          for (const name of ['uss', 'pss', 'swap']) {
            assertClose(footprint[name], expected[name] / 1024, 0.01, name);
          }
        });
      },
    );

    linuxOnly(
      'returns zeros for a zombie, and reads a process whose main thread has exited',
      async () => {
        const parent = await startFixture('zombie');
        const zeros = { uss: 0, pss: 0, swap: 0, swapPss: 0, hugetlb: 0, footprint: 0 };
        const pid = Number(parent.said[0]);
        assert.deepEqual(await api.getMemoryFootprint(pid), {
          pid,
          ...zeros,
          method: 'smaps_rollup',
        });

        const { pid: leaderless } = await startFixture('leaderless', 50);
        const { uss } = await api.getMemoryFootprint(leaderless);
        assert.ok(uss > 50 * MIB && uss < 60 * MIB, `${uss}`);
      },
    );

    linuxOnly('counts a page that two processes map only once in a tree', async () => {
      const file = path.join(os.tmpdir(), `process-memory-info-${process.pid}`);
      try {
        // One process maps the file, its child inherits the mapping.
        const { pid } = await startFixture('map-file', file, 60, 'twice');
        await eventually(async () => {
          const { processes, total } = await api.getTreeMemoryInfo(pid, { footprint: true });
          assert.equal(processes.length, 2);
          assert.ok(total.workingSetSize > 120 * MIB);
          assert.ok(total.footprint.footprint > 60 * MIB && total.footprint.footprint < 70 * MIB);
          assert.deepEqual(
            {
              covered: total.footprint.covered,
              of: total.footprint.of,
              method: total.footprint.method,
            },
            { covered: 2, of: 2, method: 'smaps_rollup' },
          );
          for (const { footprint } of processes) {
            assert.equal(footprint.footprint, footprint.pss + footprint.swapPss);
            assert.ok(!('code' in footprint));
          }
        });
      } finally {
        fs.rmSync(file, { force: true });
      }
    });

    linuxOnly('counts memory that a vfork() shares only once in a tree', async () => {
      const { pid } = await startFixture('vforks', 60);
      const { processes, total } = await api.getTreeMemoryInfo(pid, { footprint: true });
      assert.equal(processes.length, 2);
      assert.ok(!('sharesMemoryWith' in processes[0].footprint));
      assert.equal(processes[1].footprint.sharesMemoryWith, pid);
      assert.ok(processes[1].footprint.footprint > 60 * MIB);
      assert.equal(total.footprint.footprint, processes[0].footprint.footprint);
      assert.ok(total.footprint.footprint > 60 * MIB && total.footprint.footprint < 70 * MIB);
      assert.deepEqual([total.footprint.covered, total.footprint.of], [2, 2]);
    });

    it('is not part of a tree unless requested', async () => {
      for (const options of [undefined, {}, { footprint: false }, { footprint: undefined }]) {
        const { processes, total } = await api.getTreeMemoryInfo(process.pid, options);
        assert.ok(!('footprint' in processes[0]) && !('footprint' in total));
      }
    });

    it('accepts only a boolean as the option for trees', async () => {
      const message = /^The "options\.footprint" property must be of type boolean\. Received /;
      for (const footprint of [1, 'yes', null]) {
        await assert.rejects(api.getTreeMemoryInfo(process.pid, { footprint }), {
          code: 'ERR_INVALID_ARG_TYPE',
          message,
        });
      }
      for (const options of [null, true, 'footprint', 1]) {
        await assert.rejects(api.getTreeMemoryInfo(process.pid, options), {
          code: 'ERR_INVALID_ARG_TYPE',
        });
      }
    });
  });
}

const mayBecomeNobody = process.platform === 'linux' && process.getuid() === 0;

describe('the footprint of another user’s process', () => {
  (mayBecomeNobody ? it : it.skip)(
    'fails with EACCES, and in a tree is an estimate marked as one (requires root)',
    async () => {
      const code = `
      const { spawn } = require('node:child_process');
      const fs = require('node:fs');
      const memory = require(${JSON.stringify(path.join(__dirname, '..'))});
      const roots = spawn('sleep', ['30'], { stdio: ['pipe', 'ignore', 'inherit'] });
      const comm = '/proc/' + roots.pid + '/comm';
      (async () => {
        while (fs.readFileSync(comm, 'utf8') !== 'sleep\\n') await new Promise((resolve) => setImmediate(resolve));
        process.setgroups([]);
        process.setegid(65534);
        process.seteuid(65534);
        let code;
        try { memory.getMemoryFootprint(roots.pid); } catch (error) { code = error.code; }
        const info = memory.getMemoryInfo(roots.pid);
        const { processes, total } = memory.getTreeMemoryInfo(roots.pid, { footprint: true });
        console.log(JSON.stringify({ code, info, processes, total }));
        process.seteuid(0);
        roots.kill();
      })();`;
      const output = execFileSync(process.execPath, ['-e', code], {
        encoding: 'utf8',
        timeout: 30000,
      });
      const { code: refusal, info, processes, total } = JSON.parse(output);
      assert.equal(refusal, 'EACCES');
      assert.deepEqual(processes[0].footprint, {
        swap: 0,
        footprint: info.privateBytes,
        method: 'status',
        code: 'EACCES',
      });
      assert.deepEqual(total.footprint, {
        footprint: info.privateBytes,
        covered: 0,
        of: 1,
        method: 'status',
      });
    },
  );
});

describe('the promise of a footprint', () => {
  linuxOnly('does not block the JavaScript thread, however large the process', async () => {
    const { pid } = await startFixture('large', 5);
    let turns = 0;
    let counting = true;
    const count = () => {
      turns++;
      if (counting) setImmediate(count);
    };
    for (let i = 0; i < 5; i++) {
      turns = 0;
      counting = true;
      const began = performance.now();
      const answer = memory.promises.getMemoryFootprint(pid);
      setImmediate(count);
      await answer;
      counting = false;
      const milliseconds = performance.now() - began;
      // The event loop iterates many times per millisecond unless it is blocked.
      assert.ok(turns > milliseconds, `${turns} turns in ${milliseconds} ms`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
});
