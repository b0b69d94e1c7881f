'use strict';

// The control group of memory-info run, in the version of control groups that this machine has.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { getTreeMemoryInfo } = require('..');
const { eventually } = require('./helpers/eventually');
const {
  CLI,
  killCommands,
  readRecords,
  recordCommand,
  runCommand,
  startCommand,
  withFolder,
} = require('./helpers/cli');
const { skip } = require('./helpers/skip');

const MIB = 1024;
const linuxOnly = process.platform === 'linux' ? it : it.skip;

const node = (code) => ['--', process.execPath, '-e', code];
const sh = (script) => ['--', 'sh', '-c', script];

const V1 = {
  group: /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m,
  mount: '/sys/fs/cgroup/memory',
  source: 'memory.max_usage_in_bytes',
};
const V2 = { group: /^0::(.*)$/m, mount: '/sys/fs/cgroup', source: 'memory.peak' };

/** The group that the tests run in. */
function ownGroup() {
  const groups = fs.readFileSync('/proc/self/cgroup', 'utf8');
  const version = V1.group.test(groups) ? V1 : V2;
  return { ...version, folder: path.join(version.mount, version.group.exec(groups)[1]) };
}

const givesMemory = (folder) => {
  const file = path.join(folder, 'cgroup.subtree_control');
  return fs.existsSync(file) && /\bmemory\b/.test(fs.readFileSync(file, 'utf8'));
};

/** The group that the tests run in, below which run creates others; or skips the test. */
function groupOf(test) {
  const own = ownGroup();
  if (process.getuid() !== 0 || !fs.existsSync(own.folder))
    skip(test, 'no memory control group can be created here');
  if (own.mount === V2.mount && !givesMemory(own.folder))
    skip(test, 'its control group does not enable the memory controller for its children');
  return own;
}

/** The groups left behind. Those of running processes are in use, perhaps by somebody else. */
const groupsLeftIn = (folder) =>
  fs.readdirSync(folder).filter((name) => {
    const pid = /^memory-info-(\d+)$/.exec(name)?.[1];
    return pid !== undefined && !fs.existsSync(`/proc/${pid}`);
  });

describe('the control group of memory-info run', () => {
  afterEach(killCommands);

  linuxOnly('reports the peak between samples, and is removed', async function () {
    const { folder, source } = groupOf(this);
    const args = ['-i', '10s', '--exact', 'require', ...node('Buffer.alloc(200 << 20, 1)')];
    const { summary, stderr } = await recordCommand(args);
    assert.equal(summary.exact.by, 'cgroup');
    assert.equal(summary.exact.source, source);
    assert.ok(summary.exact.peak > 200 * MIB && summary.exact.peak < 320 * MIB);
    assert.match(
      stderr,
      /^memory-info: \d+\.\d MiB with page cache and kernel memory, counted by /m,
    );
    assert.deepEqual(groupsLeftIn(folder), []);
  });

  linuxOnly('has the anonymous memory that the samples add up to', async function () {
    const { group, mount } = groupOf(this);
    const held = (mib) => `const held = Buffer.alloc(${mib} << 20, 1);`;
    // The kernel updates the statistics of a group with a delay.
    const whole = `
      const fs = require('node:fs');
      const [, path] = ${group}.exec(fs.readFileSync('/proc/self/cgroup', 'utf8'));
      let readings = 0;
      setInterval(() => {
        const text = fs.readFileSync('${mount}' + path + '/memory.stat', 'utf8');
        const anonymous = Number(/^(?:anon|total_rss) (\\d+)$/m.exec(text)[1]);
        if (anonymous < 300 << 20 || ++readings < 5) return;
        console.log(anonymous, held.length);
        process.kill(Number(process.argv[1]));
        process.exit();
      }, 100);`;
    const script = `"$0" -e "$1" & exec "$0" -e "$2" $!`;
    const { stdout, summary } = await recordCommand([
      ...['--exact', 'require', ...sh(script), process.execPath],
      ...[`${held(100)} setInterval(() => held, 1000)`, held(200) + whole],
    ]);
    const ratio = (summary.peak.total.privateBytes * 1024) / Number.parseInt(stdout, 10);
    assert.ok(ratio > 0.98 && ratio < 1.02, `${ratio}`);
  });

  linuxOnly('shows that samples counted memory which forked processes share', async function () {
    groupOf(this);
    const forks = 'for i in 1 2 3 4; do (sleep 2; : "$x") & done; wait';
    const script = `x=$(head -c 30000000 /dev/zero | tr "\\0" a); ${forks}`;
    const { stderr, summary } = await recordCommand(['--exact', 'require', ...sh(script)]);
    assert.ok(summary.peak.total.privateBytes > summary.exact.peak, stderr);
    assert.match(stderr, /^memory-info: the peak is too large: memory that processes share after/m);
  });

  linuxOnly('releases processes that still run', async function () {
    const { folder, group } = groupOf(this);
    const { stdout } = runCommand(['-q', ...sh('sleep 30 > /dev/null 2>&1 & echo $!')]);
    const groupIn = (pid) => group.exec(fs.readFileSync(`/proc/${pid}/cgroup`, 'utf8'))[1];
    assert.equal(groupIn(Number(stdout)), groupIn('self'));
    process.kill(Number(stdout), 'SIGKILL');
    assert.deepEqual(groupsLeftIn(folder), []);
  });

  linuxOnly('is removed by the next run if memory-info was killed', async function () {
    const { folder } = groupOf(this);
    const child = startCommand(['-q', ...sh('echo ready; exec sleep 1')]);
    await eventually(() => assert.equal(child.output.stdout, 'ready\n'));
    child.kill('SIGKILL');
    await child.ended;
    assert.ok(groupsLeftIn(folder).includes(`memory-info-${child.pid}`));
    await eventually(() => {
      runCommand(['-q', '--', 'true']);
      assert.deepEqual(groupsLeftIn(folder), []);
    });
  });

  linuxOnly('is not created with --exact off, or without permission', async () => {
    const off = await recordCommand(['--exact', 'off', '--', 'true']);
    assert.deepEqual(off.summary.exact, { why: '--exact off' });
    if (process.getuid() !== 0) return;
    const script = 'umount -l /sys/fs/cgroup && exec "$0" "$@" -- true';
    const hidden = (...args) =>
      spawnSync('unshare', ['-m', 'sh', '-c', script, process.execPath, CLI, 'run', ...args], {
        encoding: 'utf8',
      });
    const why = 'its control group is not visible';
    const auto = hidden();
    assert.ok(
      auto.stderr.includes(`memory-info: peaks between samples were not counted: ${why}\n`),
    );
    assert.equal(auto.status, 0);
    const required = hidden('--exact', 'require');
    assert.deepEqual([required.status, required.stderr], [125, `memory-info: ${why}\n`]);
  });

  linuxOnly('is removed after each of many runs, which leave no process behind', async function () {
    const { folder } = groupOf(this);
    const runs = Number(process.env.PMI_RUNS || 10);
    this.timeout(60000 + runs * 5000);
    const script = 'seq "$2" | xargs -P 2 -I {} "$0" "$1" run -q -- true';
    const { status } = spawnSync('sh', ['-c', script, process.execPath, CLI, String(runs)]);
    assert.equal(status, 0);
    assert.deepEqual(groupsLeftIn(folder), []);
    const orphans = getTreeMemoryInfo().processes.filter(({ ppid }) => ppid === process.pid);
    assert.deepEqual(orphans, []);
  });

  linuxOnly(
    'is next to the group of memory-info in version 2 if that has no limit',
    async function () {
      const { folder, mount } = groupOf(this);
      if (mount !== V2.mount) skip(this, 'version 1 of control groups');
      const parent = path.join(folder, 'pmi-run');
      const leaf = path.join(parent, 'leaf');
      fs.mkdirSync(parent);
      fs.writeFileSync(path.join(parent, 'cgroup.subtree_control'), '+memory');
      fs.mkdirSync(leaf);
      const inLeaf = (...args) =>
        spawnSync(
          'sh',
          [
            '-c',
            `echo 0 > ${leaf}/cgroup.procs; exec "$0" "$@"`,
            process.execPath,
            CLI,
            'run',
            ...args,
          ],
          {
            encoding: 'utf8',
          },
        );
      try {
        await withFolder((temporary) => {
          const file = path.join(temporary, 'x.jsonl');
          const script =
            'cat /proc/self/cgroup; head -c 60000000 /dev/zero | tail -n 1 > /dev/null';
          const { status, stdout } = inLeaf('--exact', 'require', '-o', file, ...sh(script));
          assert.equal(status, 0);
          assert.match(stdout, /^0::\/.*pmi-run\/memory-info-\d+$/m);
          const { exact } = readRecords(file).at(-1);
          assert.equal(exact.source, 'memory.peak');
          assert.ok(exact.peak > 60000000 / 1024, `${exact.peak} KiB`);
        });
        assert.deepEqual(groupsLeftIn(parent), []);
        fs.writeFileSync(path.join(leaf, 'memory.max'), '1G');
        const refused = inLeaf('--exact', 'require', '--', 'true');
        const message = 'memory-info: a separate control group would escape memory.max\n';
        assert.deepEqual([refused.status, refused.stderr], [125, message]);
      } finally {
        fs.rmdirSync(leaf);
        fs.rmdirSync(parent);
      }
    },
  );
});
