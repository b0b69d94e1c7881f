'use strict';

// The README's examples run as they are printed.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ts = require('@tsd/typescript');

const ROOT = path.join(__dirname, '..');
const README = fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8');

const examples = Array.from(
  README.matchAll(/^```(js|mjs|ts|sh)\n(.*?)^```$/gms),
  ([, language, code]) => ({ language, code }),
);

// What app.getAppMetrics() gives, as far as the example looks at it.
const ELECTRON = `exports.app = {
  whenReady: async () => {},
  getAppMetrics: () => [{ pid: process.pid, type: 'Browser' }],
};`;

/** A project that has this package installed. */
function makeProject() {
  const project = fs.mkdtempSync(path.join(os.tmpdir(), 'process-memory-info-'));
  const modules = path.join(project, 'node_modules');
  fs.mkdirSync(path.join(modules, 'electron'), { recursive: true });
  fs.symlinkSync(ROOT, path.join(modules, 'process-memory-info'));
  fs.writeFileSync(path.join(modules, 'electron/index.js'), ELECTRON);
  return project;
}

function run(project, file, code) {
  fs.writeFileSync(path.join(project, file), code);
  return spawnSync(process.execPath, [file], { cwd: project, encoding: 'utf8' });
}

function typeErrors(project, code) {
  const file = path.join(project, 'example.mts');
  fs.writeFileSync(file, code);
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    types: [],
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('README', () => {
  let project;

  before(() => {
    project = makeProject();
  });

  after(() => {
    fs.rmSync(project, { recursive: true });
  });

  it('has examples in every language', () => {
    assert.deepEqual([...new Set(examples.map(({ language }) => language))].sort(), [
      'js',
      'mjs',
      'sh',
      'ts',
    ]);
  });

  for (const { language, code } of examples) {
    const title = code.split('\n').find((line) => line.trim() !== '');
    if (language === 'js' || language === 'mjs') {
      it(`runs: ${title}`, () => {
        const { status, stdout, stderr } = run(project, `example.${language}`, code);
        assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
        assert.ok(stdout.length > 0);
        assert.doesNotMatch(stdout, /undefined|NaN/);
      });
    } else if (language === 'ts') {
      it(`compiles: ${title}`, () => {
        assert.deepEqual(typeErrors(project, code), []);
        assert.notDeepEqual(
          typeErrors(project, code.replace('| undefined', '')),
          [],
          'it is checked at all',
        );
      });
    } else {
      for (const line of code.split('\n').filter((command) => command.startsWith('node '))) {
        it(`runs: ${line}`, () => {
          const { status, stdout } = spawnSync('sh', ['-c', line], {
            cwd: project,
            encoding: 'utf8',
          });
          assert.equal(status, 0);
          assert.match(stdout, /workingSetSize: \d+/);
        });
      }
    }
  }

  it('says truly what an error looks like', () => {
    const { stdout } = run(
      project,
      'example.js',
      examples.find(({ code }) => code.includes('4194305')).code,
    );
    const promised = Array.from(
      README.matchAll(/console\.log\(error.*?\); \/\/ (.*)/g),
      ([, text]) => text,
    );
    assert.deepEqual(stdout.trimEnd().split('\n'), promised);
  });
});
