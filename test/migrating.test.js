'use strict';

// docs/migrating.md: each example prints the result of another package and of this one, which must agree.

const assert = require('node:assert/strict');
const fs = require('node:fs');

const { getMemoryCounters, getSystemMemoryInfo } = require('..');
const { examplesOf, makeProject, runExample } = require('./helpers/examples');
const { hasPsutil, psutil } = require('./helpers/psutil');

// The tolerance for a process that just started and is read twice.
const TOLERANCE = 0.3;

function assertAgreement(line, resolution) {
  const [theirs, ours] = line.split(' ');
  if (theirs === 'true') assert.equal(ours, theirs);
  else assert.ok(Math.abs(theirs - ours) <= TOLERANCE * Math.max(theirs, ours) + resolution, line);
}

/** In KiB: ps-list gives a percentage of the machine's memory with one decimal. */
const resolutionOf = ({ code }) =>
  code.includes("'ps-list'") ? getSystemMemoryInfo().total / 1000 : 0;

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
      // They start ps, which hangs when AddressSanitizer is loaded into it.
      if (process.env.LD_PRELOAD !== undefined) this.skip();
      const { status, stdout, stderr } = runExample(project, example);
      assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
      const lines = stdout.trim().split('\n');
      assert.ok(lines.length > 0);
      for (const line of lines) assertAgreement(line, resolutionOf(example));
    });
  }

  it('names the counters as psutil does', function () {
    if (!hasPsutil) this.skip();
    const counters = getMemoryCounters();
    for (const name of Object.keys(psutil(process.pid, 'memory_info')))
      assert.ok(Object.hasOwn(counters, name), name);
  });
});
