'use strict';

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { spawn } = require('node:child_process');

const { Registry } = require('prom-client');

const { getTreeMemoryInfo, openProcess } = require('..');
const { collectTreeMetrics, toPrometheusText } = require('../lib/prometheus');
const { eventually } = require('./helpers/eventually');

const KIB = 1024;

/** The samples of a text, by name and labels. */
function parse(text) {
  const samples = new Map();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const at = line.lastIndexOf(' ');
    samples.set(line.slice(0, at), Number(line.slice(at + 1)));
  }
  return samples;
}

/** A process that starts and stops children on request. */
class Parent {
  constructor() {
    const code = `
      const { spawn } = require('node:child_process');
      const children = [];
      process.on('message', (message) => {
        if (message === 'start') {
          const child = spawn('sleep', ['1000']);
          children.push(child);
          child.once('spawn', () => process.send('started'));
        } else {
          const child = children.pop();
          child.once('exit', () => process.send('stopped'));
          child.kill();
        }
      });
      process.send('ready');`;
    this.process = spawn(process.execPath, ['-e', code], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.pid = this.process.pid;
  }

  ready() {
    return once(this.process, 'message');
  }

  ask(message) {
    const answered = once(this.process, 'message');
    this.process.send(message);
    return answered;
  }

  async end() {
    for (const { pid } of getTreeMemoryInfo(this.pid).processes.reverse()) process.kill(pid);
    await once(this.process, 'exit');
  }
}

const group = ({ name }) => (name === 'sleep' ? 'sleeper' : 'parent');

describe('collectTreeMetrics() for Prometheus', () => {
  let parent;
  let register;

  beforeEach(async () => {
    register = new Registry();
    parent = new Parent();
    await parent.ready();
  });

  afterEach(() => parent.end());

  const scrape = async () => parse(await register.metrics());

  it('publishes the figures of the tree, in bytes', async () => {
    await parent.ask('start');
    collectTreeMetrics({ register, roots: parent.pid, group });
    const samples = await scrape();
    const sleeper = getTreeMemoryInfo(parent.pid).processes.find(({ name }) => name === 'sleep');
    const memory = (type) =>
      samples.get(`process_tree_memory_bytes{group="sleeper",type="${type}"}`);
    assert.equal(memory('resident'), sleeper.workingSetSize * KIB);
    if (sleeper.privateBytes !== undefined)
      assert.equal(memory('private'), sleeper.privateBytes * KIB);
    if (sleeper.sharedBytes !== undefined)
      assert.equal(memory('shared'), sleeper.sharedBytes * KIB);
    assert.equal(samples.get('process_tree_processes{group="sleeper"}'), 1);
    assert.equal(
      samples.get('process_tree_peak_resident_memory_bytes{group="sleeper"}'),
      sleeper.peakWorkingSetSize * KIB,
    );
    assert.ok(samples.get('process_tree_scrape_duration_seconds') > 0);
  });

  it('counts starts and exits between scrapes, and none at the first', async () => {
    await parent.ask('start');
    collectTreeMetrics({ register, roots: [parent.pid], group });
    const counts = async () => {
      const samples = await scrape();
      return ['started', 'exited'].map((what) =>
        samples.get(`process_tree_${what}_total{group="sleeper"}`),
      );
    };
    assert.deepEqual(await counts(), [0, 0]);
    await parent.ask('start');
    await parent.ask('start');
    assert.deepEqual(await counts(), [2, 0]);
    await parent.ask('stop');
    assert.deepEqual(await counts(), [2, 1]);
    await parent.ask('stop');
    await parent.ask('stop');
    assert.deepEqual(await counts(), [2, 3], 'the counters stay after the last process has exited');
  });

  it('publishes proportional, swapped and footprint on request', async function () {
    if (process.platform !== 'linux') this.skip(); // the only system with a proportional set size
    collectTreeMetrics({ register, roots: [parent.pid], group, footprint: true });
    const samples = await scrape();
    const { processes } = getTreeMemoryInfo(parent.pid, { footprint: true });
    const memory = (type) =>
      samples.get(`process_tree_memory_bytes{group="parent",type="${type}"}`);
    const { pss, swap, footprint } = processes[0].footprint;
    assert.ok(Math.abs(memory('proportional') - pss * KIB) < 0.2 * pss * KIB);
    assert.equal(memory('swap'), swap * KIB);
    assert.ok(Math.abs(memory('footprint') - footprint * KIB) < 0.2 * footprint * KIB);
  });

  it('leaves out a sum if a part of it is unknown', async () => {
    const known = { pid: 1, creationTime: 1, name: 'a', workingSetSize: 4, privateBytes: 2 };
    const tree = {
      processes: [known, { ...known, pid: 2, privateBytes: undefined }],
      unreadable: [],
    };
    assert.deepEqual(Array.from(parse(toPrometheusText(tree)).keys()), [
      'process_tree_memory_bytes{group="a",type="resident"}',
      'process_tree_processes{group="a"}',
    ]);
  });

  it('shares a reading among all metrics and concurrent scrapes', async () => {
    let readings = 0;
    const roots = () => {
      readings += 1;
      return [parent.pid];
    };
    collectTreeMetrics({ register, roots });
    const texts = await Promise.all([register.metrics(), register.metrics(), register.metrics()]);
    assert.equal(readings, 1);
    assert.equal(new Set(texts).size, 1);
    await register.metrics();
    assert.equal(readings, 2);
  });

  it('counts a process of two trees once', async () => {
    await parent.ask('start');
    collectTreeMetrics({ register, roots: [parent.pid, process.pid], group });
    assert.equal((await scrape()).get('process_tree_processes{group="sleeper"}'), 1);
  });

  it('reports that a root has exited, and does not follow its pid to another process', async () => {
    const gone = { pid: parent.pid, creationTime: 12345 };
    collectTreeMetrics({ register, roots: [gone] });
    const samples = await scrape();
    assert.equal(samples.get('process_tree_unreadable{code="ESRCH"}'), 1);
    assert.deepEqual(
      Array.from(samples.keys()).filter((key) => key.startsWith('process_tree_memory_bytes')),
      [],
    );
  });

  it('accepts a handle as the root, alone or in a list', async () => {
    const handle = openProcess(parent.pid);
    handle.close();
    for (const roots of [handle, [handle]]) {
      const metrics = collectTreeMetrics({ register, roots, group });
      assert.equal((await scrape()).get('process_tree_processes{group="parent"}'), 1);
      metrics.stop();
    }
  });

  it('throws ESRCH for a pid without a process', () => {
    assert.throws(() => collectTreeMetrics({ register, roots: [4194305] }), { code: 'ESRCH' });
  });

  it('counts the exits of a tree whose root has exited', async () => {
    let roots = [parent.pid];
    await parent.ask('start');
    collectTreeMetrics({ register, roots: () => roots, group });
    await scrape();
    roots = [4194305];
    const samples = await scrape();
    assert.equal(samples.get('process_tree_exited_total{group="sleeper"}'), 1);
    assert.equal(samples.get('process_tree_processes{group="sleeper"}'), undefined);
  });

  it('removes the metrics when it is stopped', async () => {
    const collection = collectTreeMetrics({ register, prefix: 'app_' });
    assert.match(await register.metrics(), /^app_process_tree_processes\{/m);
    collection.stop();
    assert.equal((await register.metrics()).trim(), '');
  });

  it('fails the scrape, but not the program, if a callback throws', async () => {
    collectTreeMetrics({
      register,
      group: () => {
        throw new Error('no group today');
      },
    });
    await assert.rejects(register.metrics(), /no group today/);
    await assert.rejects(register.metrics(), /no group today/);
  });

  it('publishes a limit only if there is one', async () => {
    collectTreeMetrics({ register });
    const { getMemoryLimit } = require('..');
    let limit;
    try {
      limit = getMemoryLimit();
    } catch {
      limit = null; // not visible on this machine
    }
    assert.equal(
      (await scrape()).get('process_tree_memory_limit_bytes'),
      limit?.limit && limit.limit * KIB,
    );
  });
});

describe('groups', () => {
  const processOf = (name, pid, workingSetSize = 1) => ({
    pid,
    creationTime: 1,
    name,
    workingSetSize,
  });
  const groupsOf = (text) =>
    Array.from(
      text.matchAll(/process_tree_processes\{group="(.*?)"\} (\d+)/g),
      ([, name, count]) => [name, Number(count)],
    );

  it('are the largest ones, plus one for all others', () => {
    const processes = Array.from({ length: 50 }, (_, i) => processOf(`p${i}`, i, i));
    const text = toPrometheusText({ processes, unreadable: [] }, { maxGroups: 2 });
    assert.deepEqual(
      new Map(groupsOf(text)),
      new Map([
        ['other', 48],
        ['p48', 1],
        ['p49', 1],
      ]),
    );
  });

  it("are Electron's process types if these are known", () => {
    const processes = [
      { ...processOf('electron', 1), app: { type: 'Browser' } },
      { ...processOf('electron', 2), app: { type: 'Tab' } },
      processOf('git', 3),
    ];
    assert.deepEqual(groupsOf(toPrometheusText({ processes, unreadable: [] })), [
      ['Browser', 1],
      ['Tab', 1],
      ['git', 1],
    ]);
  });

  it('may have any name', () => {
    const name = 'a"b\\c\nd';
    const text = toPrometheusText({ processes: [processOf(name, 1)], unreadable: [] });
    assert.match(text, /^process_tree_processes\{group="a\\"b\\\\c\\nd"\} 1$/m);
  });

  it('must be strings', () => {
    const tree = { processes: [processOf('a', 1)], unreadable: [] };
    assert.throws(() => toPrometheusText(tree, { group: ({ pid }) => pid }), {
      code: 'ERR_INVALID_ARG_TYPE',
    });
  });

  it('leave out zombies, which have no memory', () => {
    const processes = [processOf('a', 1), { ...processOf('a', 2), alive: false }];
    assert.deepEqual(groupsOf(toPrometheusText({ processes, unreadable: [] })), [['a', 1]]);
  });
});

describe('toPrometheusText()', () => {
  it('counts what could not be read by error code', () => {
    const unreadable = [{ code: 'EACCES' }, { code: 'EACCES' }, { code: 'EPERM' }];
    assert.deepEqual(
      parse(toPrometheusText({ processes: [], unreadable })),
      new Map([
        ['process_tree_unreadable{code="EACCES"}', 2],
        ['process_tree_unreadable{code="EPERM"}', 1],
      ]),
    );
  });

  it('rejects a value that is not a tree', () => {
    for (const tree of [undefined, null, {}, { processes: [] }])
      assert.throws(() => toPrometheusText(tree), { code: 'ERR_INVALID_ARG_TYPE' });
  });
});

describe('options of the exporters', () => {
  for (const [options, code] of [
    [null, 'ERR_INVALID_ARG_TYPE'],
    [{ roots: 'all of them' }, 'ERR_INVALID_ARG_TYPE'],
    [{ roots: ['1'] }, 'ERR_INVALID_ARG_TYPE'],
    [{ roots: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ roots: [{ pid: 1.5 }] }, 'ERR_OUT_OF_RANGE'],
    [{ group: 'name' }, 'ERR_INVALID_ARG_TYPE'],
    [{ maxGroups: '2' }, 'ERR_INVALID_ARG_TYPE'],
    [{ maxGroups: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ footprint: 1 }, 'ERR_INVALID_ARG_TYPE'],
    [{ appMetrics: [] }, 'ERR_INVALID_ARG_TYPE'],
    [{ prefix: '1x' }, 'ERR_INVALID_ARG_TYPE'],
    [{ register: {} }, 'ERR_INVALID_ARG_TYPE'],
  ]) {
    it(`are checked: ${JSON.stringify(options)}`, () => {
      assert.throws(() => collectTreeMetrics(options), { code });
    });
  }

  it('reject a root that a function returns', async () => {
    const register = new Registry();
    collectTreeMetrics({ register, roots: () => ['1'] });
    await assert.rejects(register.metrics(), { code: 'ERR_INVALID_ARG_TYPE' });
  });
});

describe('an application of Electron', () => {
  it('feeds its process types to the metrics', async () => {
    const register = new Registry();
    collectTreeMetrics({ register, appMetrics: () => [{ pid: process.pid, type: 'Browser' }] });
    await eventually(async () => {
      assert.equal(
        parse(await register.metrics()).get('process_tree_processes{group="Browser"}'),
        1,
      );
    });
  });
});
