'use strict';

// The scripts for a release: the conditions for it, and the tests of its binaries.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { targets } = require('../scripts/prebuilds/targets');

const SCRIPT = path.join(__dirname, '../scripts/check-release.js');
const COMPLETE = {
  version: '1.2.3',
  repository: 'github:owner/name',
  bugs: 'https://example.org/issues',
  homepage: 'https://example.org',
};

function check(tag, manifest, changelog = '# Changelog\n\n## [1.2.3] - 2026-01-01\n') {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'process-memory-info-'));
  try {
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
    fs.writeFileSync(path.join(folder, 'CHANGELOG.md'), changelog);
    return spawnSync(process.execPath, [SCRIPT, tag], { cwd: folder, encoding: 'utf8' });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

describe('the check before a release', () => {
  it('passes a complete release', () => {
    const { status, stderr } = check('v1.2.3', COMPLETE);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  });

  it('rejects a tag that differs from the version', () => {
    const { status, stderr } = check('v1.2.4', COMPLETE);
    assert.equal(status, 1);
    assert.match(stderr, /the tag is v1\.2\.4, the version 1\.2\.3/);
  });

  it('rejects a package without the address of its repository', () => {
    const { status, stderr } = check('v1.2.3', { version: '1.2.3' });
    assert.equal(status, 1);
    for (const field of ['repository', 'bugs', 'homepage'])
      assert.ok(stderr.includes(`package.json has no "${field}"`), stderr);
  });

  it('rejects a version without a section in the changelog', () => {
    const { status, stderr } = check('v1.2.3', COMPLETE, '## [Unreleased]\n');
    assert.equal(status, 1);
    assert.match(stderr, /CHANGELOG\.md has no section for 1\.2\.3/);
  });
});

(process.platform === 'linux' ? describe : describe.skip)('the tests of prebuilt binaries', () => {
  it('name the targets that can be run, for one that cannot', () => {
    for (const target of ['nonsense', 'darwin-arm64']) {
      const script = path.join(__dirname, '../scripts/test-prebuilt.sh');
      const { status, stderr } = spawnSync(script, [target], { encoding: 'utf8' });
      assert.equal(status, 1);
      assert.match(stderr, /^test-prebuilt: \S+ cannot be run here; these can: /);
      const names = stderr.trim().split(': ').pop();
      assert.ok(names.includes('win32-x64'));
      for (const name of names.split(' ')) assert.ok(Object.hasOwn(targets, name), name);
    }
  });
});
