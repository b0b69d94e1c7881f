'use strict';

// Checks that a release is complete: before `npm publish`, and at the start of .github/workflows/release.yml.
//
//   check-release.js TAG

const fs = require('node:fs');

const [tag] = process.argv.slice(2);
const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8'));
const wrong = [];

if (tag !== `v${manifest.version}`)
  wrong.push(`the tag is ${tag}, the version ${manifest.version}`);
// Provenance requires the repository; users need the others.
for (const field of ['repository', 'bugs', 'homepage'])
  if (manifest[field] === undefined) wrong.push(`package.json has no "${field}"`);
if (!fs.readFileSync('CHANGELOG.md', 'utf8').includes(`\n## [${manifest.version}] - `))
  wrong.push(`CHANGELOG.md has no section for ${manifest.version}`);

for (const line of wrong) console.error(`check-release: ${line}`);
process.exitCode = wrong.length > 0 ? 1 : 0;
