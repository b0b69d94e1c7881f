'use strict';

// memory-info run: its exit codes, its handling of signals, and what it does not change.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { version } = require('../package.json');
const { eventually } = require('./helpers/eventually');
const {
  CLI,
  killCommands,
  readRecords,
  runCommand,
  startCommand,
  withFolder,
} = require('./helpers/cli');
const { skip } = require('./helpers/skip');

const node = (code) => ['--', process.execPath, '-e', code];
const sh = (script) => ['--', 'sh', '-c', script];
const unixOnly = process.platform === 'win32' ? it.skip : it;
const linuxOnly = process.platform === 'linux' ? it : it.skip;

describe('memory-info run', () => {
  afterEach(killCommands);

  for (const code of [0, 1, 42, 255])
    it(`exits with ${code} as the command does`, () => {
      const { status, signal } = runCommand(['-q', ...node(`process.exit(${code})`)]);
      assert.deepEqual([status, signal], [code, null]);
    });

  for (const signal of ['SIGTERM', 'SIGKILL', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGSEGV', 'SIGABRT'])
    unixOnly(`ends by ${signal} as the command does`, function () {
      if (signal === 'SIGSEGV' && process.env.LD_PRELOAD)
        skip(this, 'AddressSanitizer handles this signal');
      const number = os.constants.signals[signal];
      const ended = runCommand(['-q', ...sh(`kill -${number} $$`)]);
      assert.deepEqual([ended.status, ended.signal], [null, signal]);
    });

  linuxOnly('ends by a signal that Node.js ignores, and by a realtime signal', () => {
    assert.equal(runCommand(['-q', ...sh('kill -PIPE $$')]).signal, 'SIGPIPE');
    const { stderr } = runCommand([
      '-q',
      '--',
      'bash',
      '-c',
      `"$0" ${CLI} run -q -- sh -c 'kill -36 $$'; echo $? >&2`,
      process.execPath,
    ]);
    assert.match(stderr, /^164$/m);
  });

  it('exits with 127 if the command is not found', () => {
    const { status, stdout, stderr } = runCommand(['--', 'no-such-program']);
    assert.equal(stderr, "memory-info: cannot run 'no-such-program': no such file or directory\n");
    assert.deepEqual([status, stdout], [127, '']);
  });

  unixOnly('exits with 126 if the command cannot be executed', () => {
    for (const program of [__filename, __dirname]) {
      const { status, stderr } = runCommand(['--', program]);
      assert.equal(stderr, `memory-info: cannot run '${program}': permission denied\n`);
      assert.equal(status, 126);
    }
  });

  for (const [args, why] of [
    [[], 'run requires a command'],
    [['--'], 'run requires a command'],
    [['--no-such', 'true'], "Unknown option '--no-such'"],
    [['-i', '5ms', 'true'], '--interval must be at least 10ms'],
    [['-i', '597h', 'true'], '--interval must be at most 596h'],
    [['-i', 'soon', 'true'], "'soon' is not a duration"],
    [['-i', '--', 'true'], "Option '-i' argument is ambiguous. Did you forget"],
    [['--max', '100', 'true'], "'100' is not a size"],
    [['--kill', 'true'], '--kill requires --max'],
    [['--exact', 'yes', 'true'], '--exact must be one of: auto, require, off'],
    [['--footprint', 'all', 'true'], '--footprint must be one of: peak'],
    [['-o', 'x.doc', 'true'], "'x.doc': unknown extension"],
    [['-o', '/no/such/folder/x.csv', 'true'], 'ENOENT: no such file or directory'],
    [
      ['--github-summary', 'true'],
      '--github-summary requires the environment variable GITHUB_STEP_SUMMARY',
    ],
  ])
    it(`exits with 125 for ${args.join(' ') || 'no command'}`, () => {
      const env = { ...process.env, GITHUB_STEP_SUMMARY: '' };
      const { status, stdout, stderr } = runCommand(args, { env });
      assert.ok(stderr.startsWith(`memory-info: ${why}`), stderr);
      assert.match(stderr, /^[^\n]+\n$/);
      assert.deepEqual([status, stdout], [125, '']);
    });

  it('passes options on to the command, with and without "--"', () => {
    const code = 'process.argv.slice(1).join(" ")';
    for (const separator of [[], ['--']]) {
      const args = ['-q', ...separator, process.execPath, '-p', code, '--', '-q', '--kill'];
      assert.equal(runCommand(args).stdout, '-q --kill\n');
    }
    assert.match(runCommand(['--help']).stdout, /^Usage: memory-info run /);
  });

  it('leaves standard input, output and error to the command', () => {
    const code = 'process.stdin.pipe(process.stdout); console.error("aside")';
    const { stdout, stderr } = runCommand(['-q', ...node(code)], { input: 'passed through\n' });
    assert.deepEqual([stdout, stderr], ['passed through\n', 'aside\n']);
  });

  linuxOnly('does not make pipes non-blocking', () => {
    // O_NONBLOCK (04000) would affect every process that has the pipe.
    const script = 'grep flags: /proc/self/fdinfo/1 /proc/self/fdinfo/2 | cat';
    for (const flags of runCommand(['-q', ...sh(script)]).stdout.match(/\d+$/gm))
      assert.equal(Number.parseInt(flags, 8) & 0o4000, 0);
  });

  it('prints its summary on standard error, or nothing with -q', () => {
    const loud = runCommand([...node('setTimeout(() => {}, 300)')]);
    assert.match(
      loud.stderr,
      /^memory-info: peak \d.* in 1 process at \d+\.\d s; largest \S+ \d.*; \d+ samples?\n/,
    );
    assert.match(loud.stderr, /^ *PID +PRIVATE +WORKING SET +PEAK +NAME$/m);
    assert.ok(!loud.stderr.includes('\x1b'));
    assert.equal(loud.stdout, '');
    assert.equal(runCommand(['-q', ...node('')]).stderr, '');
  });

  unixOnly('prints no figures without a sample', async () => {
    // On a busy machine a sample may come before the command ends.
    let status;
    let stderr;
    let page;
    do {
      const args = (folder) => ['--exact', 'off', '-o', path.join(folder, 'x.html'), '--', 'true'];
      ({ status, stderr, page } = await withFolder((folder) => ({
        ...runCommand(args(folder)),
        page: fs.readFileSync(path.join(folder, 'x.html'), 'utf8'),
      })));
    } while (/^memory-info: peak /.test(stderr));
    assert.equal(status, 0);
    assert.match(page, /<p>no sample: the command ended after \d+\.\d s<\/p>/);
    assert.match(stderr, /^memory-info: no sample: the command ended after \d+\.\d s\n/);
    assert.match(stderr, /too short-lived to be measured: 1 of 1$/m);
    assert.doesNotMatch(stderr, /\b0 KiB/);
  });

  linuxOnly(
    'reports the duration of the command even if memory-info was stopped before a sample',
    () => {
      const { stderr } = runCommand(sh('kill -STOP $PPID; sleep 1; kill -CONT $PPID'));
      assert.match(
        stderr,
        /^memory-info: (no sample: the command ended after [1-9]\d*\.\d s|peak )/,
      );
      // Left out if memory-info itself had a larger peak, as with a sanitizer.
      if (!process.env.LD_PRELOAD)
        assert.match(stderr, /^memory-info: .* working set in the largest process, by getrusage$/m);
    },
  );

  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'])
    unixOnly(`passes ${signal} on`, async () => {
      const name = signal.slice(3);
      const trap = `trap 'echo ${name}; exit 9' ${name}; echo ready; while :; do sleep 0.05; done`;
      const child = startCommand(['-q', ...sh(trap)]);
      await eventually(() => assert.equal(child.output.stdout, 'ready\n'));
      child.kill(signal);
      const { status, stdout } = await child.ended;
      assert.deepEqual([status, stdout], [9, `ready\n${name}\n`]);
    });

  unixOnly('leaves INT and QUIT to the command', async () => {
    const child = startCommand(['-q', ...sh('echo ready; read line; exit 3')]);
    await eventually(() => assert.equal(child.output.stdout, 'ready\n'));
    child.kill('SIGINT');
    child.kill('SIGQUIT');
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(child.exitCode ?? child.signalCode, null);
    child.stdin.end('\n');
    assert.equal((await child.ended).status, 3);
  });

  it('exits as the command does even if a file cannot be written', async function () {
    if (!fs.existsSync('/dev/full')) skip(this, 'there is no /dev/full');
    await withFolder((folder) => {
      const full = path.join(folder, 'full.csv');
      fs.symlinkSync('/dev/full', full);
      for (const [code, expected] of [
        [0, 125],
        [3, 3],
      ]) {
        const { status, stderr } = runCommand(['-o', full, ...node(`process.exit(${code})`)]);
        assert.equal(status, expected);
        assert.match(stderr, /^memory-info: .*full\.csv: ENOSPC: .*\n(?!.*ENOSPC)/);
      }
    });
  });

  it('records its version and the command', async () => {
    await withFolder((folder) => {
      const file = path.join(folder, 'x.jsonl');
      const args = node('setTimeout(() => process.exit(5), 400)');
      runCommand(['-i', '50ms', '--max', '4G', '-o', file, ...args]);
      const records = readRecords(file);
      const { time, pid, ...start } = records[0];
      assert.deepEqual(start, {
        type: 'start',
        schema: 1,
        version,
        platform: process.platform,
        command: args.slice(1),
        interval: 50,
        limit: 4 * 1024 * 1024,
      });
      assert.ok(Math.abs(time - Date.now()) < 60000 && pid > 0);
      const summary = records.at(-1);
      assert.equal(summary.exitCode, 5);
      assert.equal(summary.overLimit, false);
      const samples = records.filter(({ type }) => type === 'sample');
      assert.equal(summary.samples, samples.length);
    });
  });
});
