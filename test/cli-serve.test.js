'use strict';

const assert = require('node:assert/strict');
const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const net = require('node:net');
const path = require('node:path');

const { startFixture } = require('./helpers/child');
const { skip } = require('./helpers/skip');

const CLI = path.join(__dirname, '../bin/memory-info.js');

/** A running `memory-info serve`. */
class Server {
  constructor(...args) {
    this.process = spawn(process.execPath, [CLI, 'serve', '--port', '0', ...args.map(String)], {
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    this.said = '';
    this.process.stderr.setEncoding('utf8').on('data', (text) => {
      this.said += text;
    });
  }

  async ready() {
    while (!this.said.includes('/metrics\n')) await once(this.process.stderr, 'data');
    [this.url] = this.said.match(/http:\S+/);
  }

  get(where = '', options = {}) {
    return fetch(new URL(where, this.url), options);
  }

  async stop(signal = 'SIGTERM') {
    this.process.kill(signal);
    const [code, killedBy] = await once(this.process, 'exit');
    return code ?? killedBy;
  }
}

describe('memory-info serve', () => {
  let server;

  const start = async (...args) => {
    server = new Server(...args);
    await server.ready();
  };

  afterEach(() => server?.process.kill('SIGKILL'));

  it('serves the metrics of a tree on loopback until it is stopped', async () => {
    await start(process.pid);
    const response = await server.get();
    assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    assert.match(await response.text(), /^process_tree_processes\{group=".*"\} \d+$/m);
    assert.match(server.said, /^memory-info: metrics at http:\/\/127\.0\.0\.1:\d+\/metrics\n$/);
    if (process.platform !== 'win32') assert.equal(await server.stop(), 0);
  });

  it('serves all processes without a pid', async () => {
    await start();
    const text = await (await server.get()).text();
    const groups = Array.from(text.matchAll(/^process_tree_processes\{group="(.*)"\}/gm));
    assert.ok(groups.length > 0);
  });

  it('accepts one path and two methods', async () => {
    await start(process.pid);
    assert.equal((await server.get('/')).status, 404);
    assert.equal((await server.get('/metrics?x=1')).status, 200);
    assert.equal((await server.get('/metrics', { method: 'POST' })).status, 405);
    const head = await server.get('/metrics', { method: 'HEAD' });
    assert.deepEqual([head.status, await head.text()], [200, '']);
  });

  it('continues after its root has exited, and reports it', async function () {
    if (process.platform !== 'linux') skip(this, 'the fan of processes is created on Linux only');
    const root = await startFixture('fan', 2);
    await start(root.pid, '--max-groups', 1);
    assert.match(
      await (await server.get()).text(),
      /^process_tree_processes\{group="fixture"\} 3$/m,
    );
    await root.stop();
    const text = await (await server.get()).text();
    assert.match(text, /^process_tree_unreadable\{code="ESRCH"\} 1$/m);
    assert.match(text, /^process_tree_exited_total\{group="fixture"\} 3$/m);
  });

  it('warns if it listens on more than loopback', async () => {
    await start(process.pid, '--host', '0.0.0.0');
    assert.match(server.said, /other machines can read the names/);
  });

  for (const [args, message] of [
    [['x'], "memory-info: 'x' is not a pid\n"],
    [['--port', 'x', '1'], "memory-info: 'x' is not a port\n"],
    [['--port', '65536', '1'], "memory-info: '65536' is not a port\n"],
    [['--max-groups', '-1', '1'], undefined],
    [['--max-groups', '0', '1'], undefined],
    [['--nonsense'], undefined],
    [['4194305'], undefined],
  ]) {
    it(`rejects ${args.join(' ')} with a one-line error`, () => {
      const { status, stderr } = spawnSync(process.execPath, [CLI, 'serve', ...args], {
        encoding: 'utf8',
      });
      assert.equal(status, 1);
      assert.match(stderr, /^memory-info: .*\n$/);
      if (message !== undefined) assert.equal(stderr, message);
    });
  }

  it('reports that a port is in use', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const args = [CLI, 'serve', '--port', String(taken.address().port), String(process.pid)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const [[message], [status]] = await Promise.all([
      once(child.stderr.setEncoding('utf8'), 'data'),
      once(child, 'exit'),
    ]);
    taken.close();
    assert.match(message, /^memory-info: .*EADDRINUSE/);
    assert.equal(status, 1);
  });

  it('prints its help', () => {
    const { status, stdout } = spawnSync(process.execPath, [CLI, 'serve', '-h'], {
      encoding: 'utf8',
    });
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: memory-info serve/);
  });
});
