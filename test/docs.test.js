'use strict';

// Runs the examples of README.md and docs/ as printed.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const ts = require('@tsd/typescript');

const { ROOT, examplesOf, makeProject, runExample } = require('./helpers/examples');
const { skip } = require('./helpers/skip');

// These pages are tested elsewhere: by migrating.test.js, sampler-docs.test.js, test/growth and test/package.
const OWN_TESTS = ['leaks.md', 'migrating.md', 'packaging.md', 'sampling.md'];

const PAGES = fs
  .readdirSync(path.join(ROOT, 'docs'))
  .filter((name) => name.endsWith('.md') && !OWN_TESTS.includes(name))
  .map((name) => `docs/${name}`)
  .concat('README.md');

/** The compiler's errors for each program. */
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

const CHECKS = {
  js(project, example) {
    const { status, stdout, stderr } = runExample(project, example);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    const isSilent =
      process.platform !== 'linux' && example.code.includes("if (counters.platform === 'linux')");
    assert.equal(stdout === '', isSilent);
  },
  ts(project, { code }) {
    const wrong = code.replace('| undefined', '');
    const [errors, errorsOfWrong] = typeErrors(project, code, wrong);
    assert.deepEqual(errors, []);
    assert.notDeepEqual(errorsOfWrong, [], 'the types are checked at all');
  },
};
CHECKS.mjs = CHECKS.js;

for (const page of PAGES) {
  const examples = examplesOf(page).filter(({ language }) => language in CHECKS);
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
      it(`has a correct example: ${example.title}`, function () {
        if (example.code.includes('getMemoryLimit()') && process.platform !== 'linux')
          skip(this, 'it may fail with ENOSYS on this system');
        CHECKS[example.language](project, example);
      });
    }
  });
}

/** What an example prints, run by bash, and what its comments show, without the numbers and the name of the program. */
function outputs(project, code) {
  const file = path.join(project, 'example.js');
  fs.writeFileSync(file, code);
  // The second command keeps bash as the parent.
  const script = `"${process.execPath}" example.js; exit $?`;
  const printed = execFileSync('bash', ['-c', script], { cwd: project, encoding: 'utf8' });
  const shown = Array.from(code.matchAll(/^\/\/ (.*)$/gm), ([, line]) => line).join('\n');
  const withoutNumbers = (text) => text.trimEnd().replace(/\d+/g, 'N');
  return { printed: withoutNumbers(printed), shown: withoutNumbers(shown) };
}

(process.platform === 'linux' ? describe : describe.skip)('README.md (Linux)', () => {
  it('shows what its first example prints', () => {
    const project = makeProject();
    const { code } = examplesOf('README.md').find(({ language }) => language === 'js');
    const { printed, shown } = outputs(project, code);
    fs.rmSync(project, { recursive: true });
    assert.equal(printed, shown);
  });
});

describe('docs/guide.md', () => {
  it('shows an error as it is thrown', function () {
    if (process.platform !== 'linux') skip(this, 'the calls of other systems have other names');
    const project = makeProject();
    const example = examplesOf('docs/guide.md').find(({ code }) => code.includes('4194305'));
    const { stdout } = runExample(project, example);
    fs.rmSync(project, { recursive: true });
    const shown = Array.from(
      example.code.matchAll(/console\.log\(error.*?\); \/\/ (.*)/g),
      ([, text]) => text,
    );
    assert.deepEqual(stdout.trimEnd().split('\n'), shown);
  });
});
