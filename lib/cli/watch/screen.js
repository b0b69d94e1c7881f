'use strict';

// The terminal: its alternate screen and raw keys. The terminal is restored however this program ends or is suspended.
// The escape sequences are those of xterm: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html

const readline = require('node:readline');

const { endLike } = require('../end-like');
const { press } = require('./keys');
const { view } = require('./view');

// The alternate screen, no cursor, and no line wrapping.
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const CLEAR_LINE = '\x1b[2K';

// In raw mode these keys do not send signals, so they are handled here.
const SIGNAL_KEYS = { c: 'SIGINT', z: 'SIGTSTP', '\\': 'SIGQUIT' };

/** Whether standard output is a terminal with cursor control. */
const isScreen = () => process.stdout.isTTY === true && process.env.TERM !== 'dumb';

class Screen {
  #state;
  #entered = false;

  constructor(state) {
    this.#state = state;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])
      process.once(signal, () => {
        this.leave();
        endLike({ signal });
      });
    if (process.platform !== 'win32') this.#followJobControl();
    process.once('exit', () => this.leave());
    process.stdout.on('resize', () => this.show());
    if (process.stdin.isTTY) {
      readline.emitKeypressEvents(process.stdin);
      process.stdin.on('keypress', (character, key) => this.#press(character, key));
    }
    this.#enter();
  }

  #followJobControl() {
    process.on('SIGTSTP', () => {
      this.leave();
      process.kill(process.pid, 'SIGSTOP');
    });
    process.on('SIGCONT', () => {
      this.#enter();
      this.show();
    });
  }

  #press(character, key) {
    const signal = key.ctrl ? SIGNAL_KEYS[key.name] : undefined;
    if (signal === undefined) {
      press(this.#state, character, key);
      this.show();
    } else if (process.platform === 'win32') {
      process.exit(1);
    } else {
      process.kill(0, signal); // to the process group, as the terminal does
    }
  }

  #enter() {
    if (this.#entered) return;
    if (process.stdin.isTTY) process.stdin.setRawMode(true).resume();
    process.stdout.write(ENTER);
    this.#entered = true;
  }

  leave() {
    if (!this.#entered) return;
    this.#entered = false;
    process.stdout.write(LEAVE);
    if (process.stdin.isTTY) process.stdin.setRawMode(false).pause();
  }

  show() {
    if (!this.#entered || this.#state.shown === undefined) return;
    const { columns, rows } = process.stdout;
    const lines = view(this.#state, { columns, rows });
    process.stdout.write(HOME + lines.map((line) => CLEAR_LINE + line).join('\r\n'));
  }
}

module.exports = { Screen, isScreen };
