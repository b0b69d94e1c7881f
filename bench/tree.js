// What does a tree cost, and does that grow with the tree or with the number of processes on the machine?

const { pidtree } = require('pidtree');
const pidusage = require('pidusage');
const si = require('systeminformation');

const memory = require('..');
const { bare, bound, call, compare, crowd, psutil, slow } = require('./measure');

const SIZES = [1, 20, 200];
const OTHERS = [0, 500, 2000];

async function pidtreeAndPidusage(pid) {
  return pidusage(await pidtree(pid, { root: true }));
}

/** Trees of each size among `others` unrelated processes. */
async function sizes(trees, others) {
  const contestants = Object.fromEntries(
    SIZES.map((size, i) => [
      `getTreeMemoryInfo(pid): ${size} among ${others}`,
      call(() => memory.getTreeMemoryInfo(trees[i].pid)),
    ]),
  );
  return compare(contestants, { ours: Object.keys(contestants)[0] });
}

/** The same tree, read in turns with no other processes and with 2,000 that start and exit in between. */
async function amongOthers(pid) {
  const NONE = 'tree of 20 among none';
  const MANY = 'tree of 20 among 2,000';
  const ours = call(() => memory.getTreeMemoryInfo(pid));
  const rows = await compare(
    {
      [NONE]: ours,
      [MANY]: {
        nanoseconds: async () => {
          const others = await crowd(2000);
          const time = await ours.nanoseconds();
          await others.end();
          return time;
        },
      },
    },
    { ours: NONE },
  );
  return {
    title: 'A tree of 20, as the machine fills',
    rows,
    bounds: [bound('tree of 20 among 2,000 others, to among none', rows, MANY, NONE, 1.2)],
  };
}

/** Reads only the files of each process that a tree needs, as if the pids were known. */
function bareTree(pid) {
  const files = memory
    .getTreeMemoryInfo(pid)
    .processes.flatMap((info) => [`/proc/${info.pid}/stat`, `/proc/${info.pid}/status`]);
  const each = bare('open', ...files);
  return { nanoseconds: async () => (await each.nanoseconds()) * files.length };
}

async function besidePeers(pid) {
  const { default: psList } = await import('ps-list');
  const others = await crowd(500);
  const ours = 'getTreeMemoryInfo(pid)';
  const kernel = 'bare C: open, read, close stat and status of each';
  const py = 'psutil children(recursive=True), memory_info()';
  const js = 'await pidtree(pid), pidusage(pids)';
  const rows = await compare(
    {
      [kernel]: bareTree(pid),
      [ours]: call(() => memory.getTreeMemoryInfo(pid)),
      'await promises.getTreeMemoryInfo(pid)': call(async () =>
        memory.promises.getTreeMemoryInfo(pid),
      ),
      [py]: psutil('tree', pid),
      [js]: slow(async () => pidtreeAndPidusage(pid)),
      'await psList(), to search in': slow(async () => psList()),
      'await systeminformation.processes(), to search in': slow(async () => si.processes(), {
        pause: 600,
      }),
    },
    { ours, bare: kernel },
  );
  pidusage.clear();
  await others.end();
  return {
    title: 'A tree of 20 with its memory, among 500 others',
    rows,
    bounds: [
      bound('tree of 20 among 500 others, to psutil', rows, ours, py, 1 / 20),
      bound('tree of 20 among 500 others, to pidtree and pidusage', rows, ours, js, 1 / 30),
    ],
  };
}

exports.run = async () => {
  const trees = await Promise.all(SIZES.map((size) => crowd(size - 1)));
  const growth = [];
  for (const count of OTHERS) {
    const others = await crowd(count);
    growth.push(...(await sizes(trees, count)));
    await others.end();
  }
  const answers = [
    { title: 'Trees of 1, 20 and 200 among 0, 500 and 2,000 others', rows: growth, bounds: [] },
    await amongOthers(trees[1].pid),
    await besidePeers(trees[1].pid),
  ];
  await Promise.all(trees.map((tree) => tree.end()));
  return answers;
};
