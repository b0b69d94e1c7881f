'use strict';

// memory-info run under an interactive shell, in a terminal of script(1).

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { getTreeMemoryInfo } = require('..');
const { CLI, withFolder } = require('./helpers/cli');
const { eventually } = require('./helpers/eventually');
const { plainEnv } = require('./helpers/plain-env');

const RUN = `${process.execPath} ${CLI} run -i 50ms`;

/** A terminal with a shell in it. */
class Terminal {
  output = '';

  constructor() {
    this.script = spawn('script', ['-qfc', 'bash --norc --noprofile -i', '/dev/null'], {
      env: { ...plainEnv, PS1: '> ', TERM: 'dumb' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.script.stdout.setEncoding('utf8').on('data', (text) => {
      this.output += text;
    });
  }

  type(text) {
    this.script.stdin.write(text);
  }

  async sees(pattern) {
    await eventually(() => assert.match(this.output, pattern), 30);
  }

  /** The state, such as "S" or "T", of the process under it that has this name. */
  state(name) {
    const found = getTreeMemoryInfo(this.script.pid).processes.find((info) => info.name === name);
    assert.ok(found, `no ${name} in the terminal`);
    return /\) (\w) /.exec(fs.readFileSync(`/proc/${found.pid}/stat`, 'utf8'))[1];
  }

  async close() {
    this.script.stdin.destroy();
    this.script.kill('SIGKILL');
  }
}

(process.platform === 'linux' ? describe : describe.skip)('memory-info run in a terminal', () => {
  let terminal;

  beforeEach(() => {
    terminal = new Terminal();
  });

  afterEach(() => terminal.close());

  it('stops and continues together with the command at Ctrl-Z', () =>
    withFolder(async (folder) => {
      const file = path.join(folder, 'recording.jsonl');
      terminal.type(`${RUN} -o ${file} -- sleep 60\n`);
      await eventually(() => assert.match(fs.readFileSync(file, 'utf8'), /"sample"/), 30);
      terminal.type('\x1a');
      await terminal.sees(/Stopped/);
      assert.equal(terminal.state('sleep'), 'T');
      terminal.type('fg\n');
      await eventually(() => assert.equal(terminal.state('sleep'), 'S'), 30);
      terminal.type('\x03');
      terminal.type('echo "status $?"\n');
      await terminal.sees(/^status 130/m);
      assert.match(terminal.output, /memory-info: peak /);
    }));

  it('lets the command decide at Ctrl-C', async () => {
    const script = `trap "echo caught; exit 5" INT; echo rea""dy; while :; do sleep 0.05; done`;
    terminal.type(`${RUN} -- sh -c '${script}'\n`);
    await terminal.sees(/^ready/m);
    terminal.type('\x03');
    await terminal.sees(/^(\^C)?caught/m);
    terminal.type('echo "status $?"\n');
    await terminal.sees(/^status 5/m);
  });

  it('gives the terminal to a shell and takes it back', async () => {
    terminal.type(`${RUN} -q -- bash --norc --noprofile -i\n`);
    terminal.type('echo "inner $((6 * 7))"; exit 4\n');
    await terminal.sees(/^inner 42/m);
    terminal.type('echo "status $?"\n');
    await terminal.sees(/^status 4/m);
  });

  it('draws the memory over time', async () => {
    terminal.type(`${RUN} -- sleep 0.5\n`);
    await terminal.sees(/[▁▂▃▄▅▆▇█]{2}/);
  });
});
