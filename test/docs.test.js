'use strict';

// The examples of the pages in docs/ run as they are printed.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');

const { ROOT, examplesOf, makeProject, runExample } = require('./helpers/examples');

// Their examples take more than to be run: migrating.test.js, sampler-docs.test.js and test/growth do that.
const OWN_TESTS = ['leaks.md', 'migrating.md', 'sampling.md'];

const PAGES = fs
  .readdirSync(path.join(ROOT, 'docs'))
  .filter((name) => name.endsWith('.md') && !OWN_TESTS.includes(name))
  .map((name) => `docs/${name}`);

for (const page of PAGES) {
  const examples = examplesOf(page).filter(({ language }) => ['js', 'mjs'].includes(language));
  if (examples.length === 0) continue;

  describe(page, () => {
    let project;

    before(() => {
      project = makeProject();
    });

    after(() => {
      fs.rmSync(project, { recursive: true });
    });

    for (const example of examples) {
      it(`runs: ${example.title}`, () => {
        const { status, stdout, stderr } = runExample(project, example);
        assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
        assert.ok(stdout.length > 0);
      });
    }
  });
}
