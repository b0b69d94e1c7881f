// npm run test:growth -- [times]
//
// Checks that an Express server that leaks 100 KB per round always fails, and one that does not leak always passes. The
// tests are those of docs/leaks.md, as printed.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { makeProject } = require('../helpers/docs-project');

const TIMES = Number(process.argv[2] ?? 20);
const MODULES = path.join(__dirname, 'node_modules');
const MOCHA = path.join(__dirname, '../../node_modules/mocha/bin/mocha.js');

const project = makeProject('leaks.md', MODULES);
fs.copyFileSync(path.join(__dirname, 'server.js'), path.join(project, 'server.js'));

/** Whether the test passes. Anything but a pass or the growth is an error. */
function passes(args, leak) {
  const env = { ...process.env, LEAK: leak ? '1' : '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: project,
    encoding: 'utf8',
    env,
  });
  const [growth] = `${stdout}${stderr}`.match(/privateBytes grows by[^;]*/) ?? [];
  if (status !== 0 && growth === undefined) throw new Error(`${args}: ${stdout}${stderr}`);
  if (status !== 0) console.log(`  ${growth}`);
  return status === 0;
}

function count(what, args, leak, times) {
  let passed = 0;
  for (let i = 0; i < times; i++) if (passes(args, leak)) passed++;
  const right = leak ? times - passed : passed;
  console.log(`${what}: ${right} of ${times}`);
  if (right !== times) process.exitCode = 1;
}

count('leaks 100 KB a round, and is caught', ['leaks.node.test.js'], true, TIMES);
count('does not leak, and passes', ['leaks.node.test.js'], false, TIMES);
const others = { mocha: [MOCHA, 'leaks.mocha.test.js'], vitest: vitest() };
for (const [name, args] of Object.entries(others)) {
  count(`${name}: leaks, and is caught`, args, true, 1);
  count(`${name}: does not leak, and passes`, args, false, 1);
}
fs.rmSync(project, { recursive: true });

function vitest() {
  return [path.join(MODULES, 'vitest/vitest.mjs'), 'run', 'leaks.vitest.test.mjs'];
}
