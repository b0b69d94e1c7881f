'use strict';

// For `npm version`: moves the entries under Unreleased in CHANGELOG.md to a section for the version, dated today.

const fs = require('node:fs');

const version = process.env.npm_new_version ?? process.env.npm_package_version;
const HEADING = '## [Unreleased]\n';

const text = fs.readFileSync('CHANGELOG.md', 'utf8');
const [before, after] = text.split(HEADING);
const [unreleased = ''] = after?.split(/^## /m) ?? [];
if (!/^- /m.test(unreleased)) {
  console.error('CHANGELOG.md has no entry under Unreleased');
  process.exit(1);
}
const date = new Date().toISOString().slice(0, 10);
fs.writeFileSync('CHANGELOG.md', `${before}${HEADING}\n## [${version}] - ${date}\n${after}`);
