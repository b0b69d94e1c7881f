'use strict';

// The README's examples run as they are printed.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const ts = require('@tsd/typescript');

const { ROOT, examplesOf, makeProject, runExample } = require('./helpers/examples');

const README = fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8');

const examples = examplesOf('README.md');

/** What the compiler says of each of the programs. */
function typeErrors(project, ...programs) {
  const files = programs.map((code, i) => {
    const file = path.join(project, `example${i}.mts`);
    fs.writeFileSync(file, code);
    return file;
  });
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipDefaultLibCheck: true,
    types: [],
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
  });
  return files.map((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  );
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

  for (const { language, code, title } of examples) {
    if (language === 'js' || language === 'mjs') {
      it(`runs: ${title}`, () => {
        const { status, stdout, stderr } = runExample(project, { language, code });
        assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
        assert.ok(stdout.length > 0);
        assert.doesNotMatch(stdout, /undefined|NaN/);
      });
    } else if (language === 'ts') {
      it(`compiles: ${title}`, () => {
        const wrong = code.replace('| undefined', '');
        const [errors, errorsOfWrong] = typeErrors(project, code, wrong);
        assert.deepEqual(errors, []);
        assert.notDeepEqual(errorsOfWrong, [], 'it is checked at all');
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
    const { stdout } = runExample(
      project,
      examples.find(({ code }) => code.includes('4194305')),
    );
    const promised = Array.from(
      README.matchAll(/console\.log\(error.*?\); \/\/ (.*)/g),
      ([, text]) => text,
    );
    assert.deepEqual(stdout.trimEnd().split('\n'), promised);
  });
});
