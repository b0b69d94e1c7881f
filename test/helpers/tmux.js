'use strict';

// A terminal whose screen can be read: a separate tmux server with one window.

const { execFileSync, spawnSync } = require('node:child_process');
const assert = require('node:assert/strict');

const { eventually } = require('./eventually');
const { plainEnv } = require('./plain-env');

const hasTmux = spawnSync('tmux', ['-V']).status === 0; // Debian: apt-get install tmux

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

class Tmux {
  static #count = 0;
  #socket = `process-memory-info-${process.pid}-${Tmux.#count++}`;

  /** Runs a shell with the prompt `> `. */
  constructor({ columns = 100, rows = 12 } = {}) {
    const shell = ['env', 'PS1=> ', 'LC_ALL=C.UTF-8', 'bash', '--norc', '--noprofile', '-i'];
    const size = ['-x', String(columns), '-y', String(rows)];
    this.#tmux('-f', '/dev/null', 'new-session', '-d', ...size, shell.map(quoted).join(' '));
    // The server is not a child of this process, which may be killed.
    const wait = `while kill -0 ${process.pid}; do sleep 1; done 2>/dev/null`;
    this.#tmux('run-shell', '-b', `${wait}; tmux -L ${this.#socket} kill-server`);
    this.#tmux('set-option', '-g', 'status', 'off');
    this.#tmux('resize-window', ...size);
  }

  #tmux(...args) {
    const env = { ...plainEnv, LC_ALL: 'C.UTF-8' };
    const options = { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] };
    return execFileSync('tmux', ['-u', '-L', this.#socket, ...args], options);
  }

  /** Types a command, and Enter. */
  run(argv) {
    this.type(argv.map(quoted).join(' '));
    this.press('Enter');
  }

  type(text) {
    this.#tmux('send-keys', '-l', text);
  }

  /** Sends keys by their tmux names, such as C-c, Up or Escape. */
  press(...keys) {
    this.#tmux('send-keys', ...keys);
  }

  resize(columns, rows) {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** The lines of the screen, without trailing spaces. */
  screen() {
    return this.#tmux('capture-pane', '-p')
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd();
  }

  /** A tmux variable of the terminal: cursor_flag, alternate_on, pane_pid… */
  get(name) {
    return this.#tmux('display-message', '-p', `#{${name}}`).trim();
  }

  async shows(pattern) {
    await eventually(() => assert.match(this.screen(), pattern), 30);
  }

  async is(lines) {
    await eventually(() => assert.deepEqual(this.screen().split('\n'), lines), 30);
  }

  close() {
    this.#tmux('kill-server');
  }
}

module.exports = { Tmux, hasTmux };
