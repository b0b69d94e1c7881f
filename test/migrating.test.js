'use strict';

// docs/migrating.md: each example prints what another package says and what this one says, and they agree.

const assert = require('node:assert/strict');
const fs = require('node:fs');

const { getMemoryCounters } = require('..');
const { examplesOf, makeProject, runExample } = require('./helpers/examples');
const { hasPsutil, psutil } = require('./helpers/psutil');

// Of a process that just started and is asked twice; ps-list gives a percentage with one decimal.
const TOLERANCE = 0.3;

const close = (a, b) => Math.abs(a - b) <= TOLERANCE * Math.max(a, b);

function assertAgreement(line) {
  const [theirs, ours] = line.split(' ');
  if (theirs === 'true') assert.equal(ours, theirs);
  else assert.ok(close(Number(theirs), Number(ours)), line);
}

describe('docs/migrating.md', () => {
  const examples = examplesOf('docs/migrating.md');
  let project;

  before(() => {
    project = makeProject();
  });

  after(() => {
    fs.rmSync(project, { recursive: true });
  });

  for (const example of examples.filter(({ code }) => !code.includes('rss, vms'))) {
    it(`agrees: ${example.title}`, function () {
      // Elsewhere these packages start programs that a test machine may not have.
      if (process.platform !== 'linux') this.skip();
      const { status, stdout, stderr } = runExample(project, example);
      assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
      const lines = stdout.trim().split('\n');
      assert.ok(lines.length > 0);
      for (const line of lines) assertAgreement(line);
    });
  }

  it('names the counters as psutil does', function () {
    if (!hasPsutil || process.platform !== 'linux') this.skip(); // Debian: apt-get install python3-psutil
    const counters = getMemoryCounters();
    for (const name of Object.keys(psutil(process.pid, 'memory_info')))
      assert.ok(Object.hasOwn(counters, name), name);
  });
});
