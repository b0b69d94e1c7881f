'use strict';

// Runs the programs of docs/sampling.md and docs/leaks.md as printed.

const assert = require('node:assert/strict');
const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { makeProject } = require('./helpers/docs-project');

const ROOT = path.join(__dirname, '..');
const MOCHA = path.join(ROOT, 'node_modules/mocha/bin/mocha.js');
const linuxOnly = process.platform === 'linux' ? it : it.skip;

// As the page requires, it sends its port. With LEAK it keeps 1 KB of each request.
const SERVER = `
  const kept = [];
  const server = require('node:http').createServer((request, response) => {
    if (process.env.LEAK) kept.push(Buffer.alloc(1000, request.url));
    response.end(JSON.stringify({ url: request.url }));
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));`;

// Grows to 100 MiB the first time it is started, and ends at once the second time.
const GROWING = `
  const fs = require('node:fs');
  if (fs.existsSync('second')) process.exit();
  fs.writeFileSync('second', '');
  const all = [];
  setInterval(() => all.length < 100 && all.push(Buffer.alloc(1 << 20, 1)), 1);`;

let project;

const { NODE_OPTIONS, ...ENV } = process.env;

function run(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: project,
    encoding: 'utf8',
    env: ENV,
  });
  return { status, stdout, stderr };
}

/** Runs it beside others. */
async function start(args, env) {
  const child = spawn(process.execPath, args, {
    cwd: project,
    env: { ...ENV, NODE_TEST_CONTEXT: undefined, LEAK: undefined, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  const [status] = await once(child, 'close');
  return { status, stdout };
}

function makePage(page) {
  const modules = fs.mkdtempSync(path.join(os.tmpdir(), 'process-memory-info-'));
  project = makeProject(page, modules);
  fs.rmdirSync(modules);
}

const removeProject = () => fs.rmSync(project, { recursive: true });

describe('docs/sampling.md', () => {
  before(() => makePage('sampling.md'));
  after(removeProject);

  it('watches a child', () => {
    const page = fs.readFileSync(path.join(ROOT, 'docs/sampling.md'), 'utf8');
    const [, code] = page.match(/^```js\n(const \{ spawn.*?)^```$/ms);
    const { status, stdout, stderr } = run('-e', code);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    assert.match(stdout, /^0 1 \d+ 1\n/);
    assert.match(stdout, /\nexit \d+ \d+ \S+\n$/);
  });

  linuxOnly('restarts a child that is above the limit, in 25 lines', () => {
    const code = fs.readFileSync(path.join(project, 'supervise.js'), 'utf8');
    assert.ok(code.split('\n').filter((line) => line.trim() !== '').length <= 25);
    fs.writeFileSync(path.join(project, 'growing.js'), GROWING);
    const command = `"${process.execPath}" growing.js`;
    const { status, stdout, stderr } = run('supervise.js', '60', command, 'exit 3');
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    const [, kib] = stdout.match(/^\d processes have (\d+) KiB: restarting\n$/);
    assert.ok(Number(kib) > 60 * 1024);
  });
});

(process.platform === 'linux' ? describe : describe.skip)('docs/leaks.md', function () {
  this.timeout(600000);
  let passing;
  let failing;

  before(async () => {
    makePage('leaks.md');
    fs.writeFileSync(path.join(project, 'server.js'), SERVER);
    [passing, failing] = await Promise.all([
      start([MOCHA, 'leaks.mocha.test.js']),
      start(['leaks.node.test.js'], { LEAK: '1' }),
    ]);
  });
  after(removeProject);

  it('passes for a server that does not leak, with mocha', () => {
    assert.equal(passing.status, 0, passing.stdout);
    assert.match(passing.stdout, /1 passing/);
  });

  it('fails for a server that leaks 100 KB per round, with node:test', () => {
    const { status, stdout } = failing;
    assert.equal(status, 1, stdout);
    assert.match(stdout, /privateBytes grows by [\d.]+ KiB a round.*round +KiB\n +0 +\d+ █/s);
  });
});
