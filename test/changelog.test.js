'use strict';

// How `npm version` changes the changelog.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const SCRIPT = path.join(__dirname, '../scripts/changelog.js');
const CHANGELOG = path.join(__dirname, '../CHANGELOG.md');

describe('the changelog', () => {
  let folder;

  const run = () =>
    spawnSync(process.execPath, [SCRIPT], {
      cwd: folder,
      env: { ...process.env, npm_new_version: '9.8.7' },
      encoding: 'utf8',
    });
  const read = () => fs.readFileSync(path.join(folder, 'CHANGELOG.md'), 'utf8');

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'process-memory-info-'));
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  it('moves the unreleased entries to the version, with the date', () => {
    const text =
      '# Changelog\n\n## [Unreleased]\n\n### Fixed\n\n- It.\n\n## [1.0.0] - 2020-01-02\n';
    fs.writeFileSync(path.join(folder, 'CHANGELOG.md'), text);
    assert.equal(run().status, 0);
    assert.equal(
      read().replace(/\d{4}-\d\d-\d\d/, 'DATE'),
      '# Changelog\n\n## [Unreleased]\n\n## [9.8.7] - DATE\n\n### Fixed\n\n- It.\n\n## [1.0.0] - 2020-01-02\n',
    );
  });

  it('rejects a version without entries', () => {
    fs.copyFileSync(CHANGELOG, path.join(folder, 'CHANGELOG.md'));
    if (run().status === 0) assert.match(read(), /## \[Unreleased\]\n\n## \[9\.8\.7\]/);
    const once = read();
    assert.equal(run().status, 1);
    assert.equal(read(), once);
  });
});
