'use strict';

const { assertEndsWithItsRun } = require('./helpers/killed-run');

const CHILD = JSON.stringify(require.resolve('./helpers/child'));
const linuxOnly = process.platform === 'linux' ? it : it.skip;

describe('processes of the tests', () => {
  linuxOnly('end when the run is killed', async () => {
    await assertEndsWithItsRun(`require(${CHILD}).startFixture('fan', 3)`);
    const spawns = JSON.stringify("require('node:child_process').spawn('sleep', ['1000'])");
    await assertEndsWithItsRun(`require(${CHILD}).startNode(${spawns})`);
  });
});
