// Runs each JavaScript example of the installed package's README and guide with a runtime, in this folder.
//
//   examples.js RUNTIME [ARGUMENT...]

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');

const [program, ...leading] = process.argv.slice(2);
const examples = ['README.md', 'docs/guide.md'].flatMap((page) => {
  const text = fs.readFileSync(`node_modules/process-memory-info/${page}`, 'utf8');
  return Array.from(text.matchAll(/^```(js|mjs)\n(.*?)^```$/gms));
});
assert.ok(examples.length >= 5);

// The part of the result of app.getAppMetrics() that the examples use.
fs.mkdirSync('node_modules/electron', { recursive: true });
fs.writeFileSync(
  'node_modules/electron/index.js',
  `exports.app = {
    whenReady: async () => {},
    getAppMetrics: () => [{ pid: process.pid, type: 'Browser', creationTime: NaN }],
  };`,
);

for (const [, language, code] of examples) {
  const file = `example.${language === 'js' ? 'cjs' : 'mjs'}`;
  fs.writeFileSync(file, code);
  const { status, stdout, stderr } = spawnSync(program, [...leading, file], { encoding: 'utf8' });
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' }, code);
  assert.ok(stdout.length > 0, code);
  assert.doesNotMatch(stdout, /undefined|NaN/, code);
}
console.log(`  and ${examples.length} examples of the documentation`);
