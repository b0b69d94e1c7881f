'use strict';

const { assertEndsWithItsRun } = require('./helpers/killed-run');
const { skip } = require('./helpers/skip');
const { hasTmux } = require('./helpers/tmux');

const CHILD = JSON.stringify(require.resolve('./helpers/child'));
const TMUX = JSON.stringify(require.resolve('./helpers/tmux'));
const linuxOnly = process.platform === 'linux' ? it : it.skip;

describe('processes of the tests', () => {
  linuxOnly('end when the run is killed', async () => {
    await assertEndsWithItsRun(`require(${CHILD}).startFixture('fan', 3)`);
    const spawns = JSON.stringify("require('node:child_process').spawn('sleep', ['1000'])");
    await assertEndsWithItsRun(`require(${CHILD}).startNode(${spawns})`);
  });

  it('end when the run is killed, if they are in a terminal', async function () {
    if (!hasTmux) skip(this, 'there is no tmux');
    await assertEndsWithItsRun(
      `(async (tmux) => ({ pid: tmux.get('pane_pid') }))(new (require(${TMUX}).Tmux)())`,
    );
  });
});
