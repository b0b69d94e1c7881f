'use strict';

// Processes for the tests to read. Each is started as the leader of a new process group, so that it can be killed
// together with all its descendants.

const { spawn, spawnSync } = require('node:child_process');
const path = require('node:path');
const readline = require('node:readline');

const { plainEnv } = require('./plain-env');

const FIXTURE = path.join(__dirname, '../../build/fixture');

const running = new Set();

/** Wine occasionally fails to start a program, but succeeds on a retry. `start` throws if it does not start. */
function retryInWine(start) {
  try {
    return start();
  } catch (error) {
    if (process.platform !== 'win32' || error.code !== 'UNKNOWN') throw error;
    return start();
  }
}

/** Runs a Node process until it exits; the result and `options` are those of spawnSync(). */
function runNode(args, options) {
  return retryInWine(() => {
    const result = spawnSync(process.execPath, args, { encoding: 'utf8', ...options });
    if (result.status === null && result.signal === null) throw result.error;
    return result;
  });
}

class Child {
  constructor(command, args, options = {}) {
    this.process = retryInWine(() =>
      spawn(command, args, {
        stdio: ['pipe', 'pipe', 'inherit'],
        detached: process.platform !== 'win32',
        ...options,
      }),
    );
    this.pid = this.process.pid;
    this.exited = new Promise((resolve) => this.process.once('close', resolve));
    this.lines = readline.createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
    running.add(this);
    this.process.once('close', () => running.delete(this));
  }

  /** The next line that the child prints. */
  async line() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`the child ${this.pid} ended before it said what was awaited`);
    return value;
  }

  /** All lines up to "ready". */
  async ready() {
    const lines = [];
    for (;;) {
      const line = await this.line();
      if (line === 'ready') return lines;
      lines.push(line);
    }
  }

  /** Sends a line and awaits the reply. */
  async ask(line) {
    this.process.stdin.write(`${line}\n`);
    return this.line();
  }

  kill() {
    if (this.pid === undefined) return; // it did not start, which is an error of its own
    try {
      if (process.platform === 'win32') this.process.kill();
      else process.kill(-this.pid, 'SIGKILL');
    } catch (error) {
      // macOS refuses to signal a group of which only zombies are left.
      if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error;
    }
  }

  /** Kills it and all its descendants, and waits until its pid is free. */
  async stop() {
    this.kill();
    await this.exited;
  }
}

/** Starts a kind of process of test/fixture/fixture.c; `said` are the lines that it printed. */
async function startFixture(kind, ...args) {
  const child = new Child(FIXTURE, [kind, ...args.map(String)], { env: plainEnv });
  child.said = await child.ready();
  return child;
}

/**
 * Starts a Node process that runs `code`, prints "ready", and runs until it is stopped. It ends with this process, and
 * so do those that it starts. Processes whose memory is measured need plainEnv, because a sanitizer allocates memory
 * itself.
 */
async function startNode(code = '', options = {}) {
  const end = process.platform === 'win32' ? 'process.exit()' : "process.kill(0, 'SIGKILL')";
  const keep = `console.log('ready'); process.stdin.on('end', () => ${end}).resume();`;
  const child = new Child(process.execPath, ['-e', `${code};${keep}`], options);
  child.said = await child.ready();
  return child;
}

async function stopAll() {
  await Promise.all([...running].map((child) => child.stop()));
}

// Also if mocha is interrupted or fails.
process.once('exit', () => {
  for (const child of running) child.kill();
});

module.exports = { Child, runNode, startNode, startFixture, stopAll };
