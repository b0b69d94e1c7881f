'use strict';

// The screen of memory-info watch, in tmux.

const assert = require('node:assert/strict');
const os = require('node:os');
const path = require('node:path');

const { startFixture } = require('./helpers/child');
const { CLI } = require('./helpers/cli');
const { eventually } = require('./helpers/eventually');
const { skip } = require('./helpers/skip');
const { Tmux, hasTmux } = require('./helpers/tmux');

const MADE_UP = [process.execPath, path.join(__dirname, 'helpers/watch-made-up.js')];
const KEYS = 'q quit  space pause  s sort  t tree  f footprint  / filter  ↑↓ scroll';

const TOTAL = '6 processes  219.0 MiB private  +9.0 MiB in 3.0 s  ████';
const IDLE = '    105    69.0 MiB    +9.0 MiB    55.0 MiB    75.0 MiB ▇███         ';
const LOGGER = '    104    56.0 MiB    +6.0 MiB    56.0 MiB    74.0 MiB ████         ';
const CACHE = '    103    43.0 MiB    +3.0 MiB    57.0 MiB    73.0 MiB ████         ';
const ETE = '    102    30.0 MiB      +0 KiB    58.0 MiB    72.0 MiB ████         ';
const WORKER = '    101    17.0 MiB    -3.0 MiB    59.0 MiB    71.0 MiB ███▇         ';
const SERVER = '    100     4.0 MiB    -6.0 MiB    60.0 MiB    70.0 MiB █▇▅▄         ';

const SORTED = [
  TOTAL,
  '    PID    *PRIVATE      CHANGE WORKING SET        PEAK              NAME',
  `${IDLE}idle`,
  `${LOGGER}logger`,
  `${CACHE}cache`,
  `${ETE}e\u0301té\ufffd[2J`,
  `${WORKER}漢字 worker`,
  `${SERVER}server`,
];

describe('memory-info watch in a terminal', () => {
  let terminal;

  beforeEach(function () {
    if (!hasTmux) skip(this, 'there is no tmux');
    terminal = new Tmux({ columns: 100, rows: 10 });
  });

  afterEach(() => terminal?.close());

  const start = async () => {
    terminal.run(MADE_UP);
    await terminal.is([...SORTED, '', KEYS]);
  };

  /** The terminal is restored: echo, primary screen, visible cursor. */
  const assertGivenBack = async (status) => {
    await terminal.shows(/^> ?$/m);
    assert.equal(terminal.get('alternate_on'), '0');
    assert.equal(terminal.get('cursor_flag'), '1');
    assert.equal(terminal.get('wrap_flag'), '1');
    terminal.type('echo "status $?"');
    await terminal.shows(/^> echo "status \$\?"$/m);
    terminal.press('Enter');
    await terminal.shows(new RegExp(`^status ${status}$`, 'm'));
  };

  it('sorts by the next column', async () => {
    await start();
    terminal.press('s');
    await terminal.shows(/ PRIVATE {5}\*CHANGE /);
    terminal.press('s', 's', 's');
    await terminal.is([
      TOTAL,
      '    PID     PRIVATE      CHANGE WORKING SET        PEAK              *NAME',
      `${CACHE}cache`,
      `${ETE}e\u0301té\ufffd[2J`,
      `${IDLE}idle`,
      `${LOGGER}logger`,
      `${SERVER}server`,
      `${WORKER}漢字 worker`,
      '',
      KEYS,
    ]);
  });

  it('draws the tree', async () => {
    await start();
    terminal.press('t');
    await terminal.is([
      TOTAL,
      '    PID    *PRIVATE      CHANGE WORKING SET        PEAK              NAME',
      `${WORKER}漢字 worker`,
      `${IDLE}  idle`,
      `${LOGGER}  logger`,
      `${CACHE}  cache`,
      `${ETE}  e\u0301té\ufffd[2J`,
      `${SERVER}server`,
      '',
      KEYS,
    ]);
  });

  it('filters by name', async () => {
    await start();
    terminal.type('/ER');
    const rows = [
      ...SORTED.slice(0, 2),
      `${LOGGER}logger`,
      `${WORKER}漢字 worker`,
      `${SERVER}server`,
    ];
    await terminal.is([...rows, '', '', '', '', '/ER_']);
    terminal.press('BSpace');
    await terminal.is([...SORTED, '', '/E_']);
    terminal.press('R', 'Enter');
    await terminal.is([...rows, '', '', '', '', `/ER  (escape shows all)  ${KEYS}`]);
    terminal.press('Escape');
    await terminal.is([...SORTED, '', KEYS]);
  });

  it('fits into the terminal and scrolls', async () => {
    await start();
    terminal.resize(60, 6);
    const narrow = [TOTAL, '    PID    *PRIVATE      CHANGE WORKING SET NAME'];
    const keys = KEYS.slice(0, 60).trimEnd();
    const rows = [
      '    105    69.0 MiB    +9.0 MiB    55.0 MiB idle',
      '    104    56.0 MiB    +6.0 MiB    56.0 MiB logger',
      '    103    43.0 MiB    +3.0 MiB    57.0 MiB cache',
      '    102    30.0 MiB      +0 KiB    58.0 MiB e\u0301té\ufffd[2J',
      '    101    17.0 MiB    -3.0 MiB    59.0 MiB 漢字 worker',
      '    100     4.0 MiB    -6.0 MiB    60.0 MiB server',
    ];
    await terminal.is([...narrow, ...rows.slice(0, 3), keys]);
    terminal.press('Down');
    await terminal.is([...narrow, ...rows.slice(1, 4), keys]);
    terminal.press('End');
    await terminal.is([...narrow, ...rows.slice(3), keys]);
    terminal.press('Up', 'Up');
    await terminal.is([...narrow, ...rows.slice(1, 4), keys]);
    terminal.resize(47, 6); // a wide character is not split
    terminal.press('End');
    const cut = (line) => line.slice(0, 47).trimEnd();
    await terminal.is([
      cut(TOTAL),
      '    PID    *PRIVATE      CHANGE NAME',
      '    102    30.0 MiB      +0 KiB e\u0301té\ufffd[2J',
      '    101    17.0 MiB    -3.0 MiB 漢字 worker',
      '    100     4.0 MiB    -6.0 MiB server',
      cut(KEYS),
    ]);
    terminal.resize(35, 5);
    await terminal.shows(/MiB 漢$/m);
    terminal.resize(8, 2);
    await terminal.is(['6 proces', '    PID']);
    terminal.resize(100, 10);
    await terminal.is([...SORTED, '', KEYS]);
  });

  it('restores the terminal at q', async () => {
    await start();
    terminal.press('q');
    await assertGivenBack(0);
  });

  it('restores the terminal at Ctrl-C', async () => {
    await start();
    terminal.press('C-c');
    await assertGivenBack(130);
  });

  it('restores the terminal at Ctrl-Z, and redraws when resumed', async () => {
    await start();
    terminal.press('C-z');
    await terminal.shows(/Stopped/);
    await assertGivenBack(128 + os.constants.signals.SIGSTOP);
    terminal.type('fg\n');
    await terminal.is([...SORTED, '', KEYS]);
    assert.equal(terminal.get('cursor_flag'), '0');
    terminal.press('t');
    await terminal.shows(/ {3}idle$/m);
    terminal.press('q');
    await assertGivenBack(0);
  });

  for (const [signal, status] of Object.entries({ TERM: 143, HUP: 129, QUIT: 131 })) {
    it(`restores the terminal at SIG${signal}`, async () => {
      await start();
      process.kill(await pidIn(terminal), `SIG${signal}`);
      await assertGivenBack(status);
    });
  }

  it('restores the terminal on an exception, and prints the exception', async () => {
    await start();
    process.kill(await pidIn(terminal), 'SIGUSR2');
    await terminal.shows(/Error: an exception/);
    await assertGivenBack(1);
  });

  it('shows a real tree', async function () {
    if (process.platform !== 'linux') skip(this, 'the chain of processes is created on Linux only');
    const child = await startFixture('chain', 2);
    const { pid } = child;
    terminal.run([process.execPath, CLI, 'watch', '-i', '100ms', String(pid)]);
    await terminal.shows(/^2 processes {2}[\d.]+ [KM]iB private {2}/);
    await terminal.shows(new RegExp(`^ +${pid} .* fixture$`, 'm'));
    terminal.press('Space');
    await terminal.shows(/ paused /);
    const paused = terminal.screen();
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal(terminal.screen(), paused);
    terminal.press('Space', 'f');
    await terminal.shows(/ FOOTPRINT /);
    child.kill();
    await terminal.shows(/^memory-info: all processes have exited; peak [\d.]+ [KM]iB in /m);
    await assertGivenBack(0);
  });
});

/** The pid of the program that runs in the terminal's shell. */
function pidIn(terminal) {
  const { getTreeMemoryInfo } = require('..');
  return eventually(() => {
    const { processes } = getTreeMemoryInfo(Number(terminal.get('pane_pid')));
    const found = processes.find(({ name }) => name === 'node');
    assert.ok(found, 'no node in the terminal');
    return found.pid;
  });
}
