'use strict';

// Starts the command, forwards signals and waits for it. On Linux the addon starts it, optionally in a control group,
// and also reports the exit of each orphan below it; elsewhere node:child_process does.

const { EventEmitter } = require('node:events');
const os = require('node:os');
const { getSystemErrorMap } = require('node:util');

const binding = require('../../binding').load();

const PASSED_ON = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];
// The terminal sends them to the command as well, which decides how to handle them.
const LEFT_ALONE = ['SIGINT', 'SIGQUIT'];

const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

class StartError extends Error {
  constructor(message, exitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** libuv's name and text for one of its error numbers, which on Unix are the system's, negated. */
function describe(errno) {
  const [code, text] = getSystemErrorMap().get(errno) ?? ['', `error ${errno}`];
  return { code, text };
}

function notExecuted(program, errno) {
  const { code, text } = describe(errno);
  const exitCode = code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE;
  return new StartError(`cannot run '${program}': ${text}`, exitCode);
}

/** Realtime signals have no name, only a number. */
const signalName = (number) =>
  Object.entries(os.constants.signals).find(([, value]) => value === number)?.[0] ?? number;

/**
 * Emits "reaped" for each child that has exited, as {pid, exitCode?, signal?, waitedPeak?}, and then, for the command,
 * "exit" with the same object. `waitedPeak` is the largest working set of the child and those it waited for, in KiB.
 */
class Command extends EventEmitter {
  pid;
  /** The initial value of the command's peak, in KiB: the memory of the process that started it. */
  handedDown;

  /** Starts the command, counted by `exact`. Throws a StartError. */
  static async start(argv, exact) {
    const command = new Command();
    for (const signal of LEFT_ALONE) process.on(signal, () => {});
    for (const signal of PASSED_ON) process.on(signal, () => command.kill(signal));
    if (process.platform === 'linux') command.#startNative(argv, exact);
    else await command.#spawn(argv, exact);
    return command;
  }

  #startNative(argv, { entrance = '' }) {
    process.on('SIGCHLD', () => this.#reap());
    const started = binding.startCommand(argv, entrance);
    if (started.code !== undefined) {
      const { syscall, osError } = started;
      if (syscall === 'execvp') throw notExecuted(argv[0], -osError);
      throw new Error(`${syscall}: ${describe(-osError).text}`);
    }
    this.pid = started.pid;
    this.handedDown = started.handedDown;
  }

  #reap() {
    for (;;) {
      const ended = binding.reapChild();
      if (ended === null || ended.code !== undefined) return;
      const { pid, exitCode, signal, peakWorkingSetSize } = ended;
      const how = signal === 0 ? { exitCode } : { signal: signalName(signal) };
      this.#end({ pid, ...how, waitedPeak: peakWorkingSetSize });
    }
  }

  #spawn(argv, exact) {
    const { spawn } = require('node:child_process');
    return new Promise((resolve, reject) => {
      const child = spawn(argv[0], argv.slice(1), { stdio: 'inherit' });
      this.#follow(child, exact);
      child.once('error', ({ errno }) => reject(notExecuted(argv[0], errno)));
      child.once('spawn', () => {
        this.pid = child.pid;
        resolve();
      });
      child.once('exit', (exitCode, signal) =>
        this.#end({ pid: child.pid, ...(signal === null ? { exitCode } : { signal }) }),
      );
    });
  }

  /** Kills the command and throws if it must be counted but cannot be. */
  #follow(child, exact) {
    if (child.pid === undefined) return;
    try {
      exact.follow(child.pid);
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  #end(ended) {
    this.emit('reaped', ended);
    if (ended.pid !== this.pid) return;
    this.pid = undefined;
    this.emit('exit', ended);
  }

  /** Signals the command itself; its pid cannot be reused until it has been waited for. */
  kill(signal) {
    if (this.pid !== undefined) process.kill(this.pid, signal);
  }
}

module.exports = { Command, StartError };
