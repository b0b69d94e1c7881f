'use strict';

// The examples of the pages in docs/ run as they are printed.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');

const { ROOT, examplesOf, makeProject, runExample } = require('./helpers/examples');

const PAGES = fs
  .readdirSync(path.join(ROOT, 'docs'))
  .filter((name) => name.endsWith('.md') && name !== 'migrating.md') // migrating.test.js runs that one
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
