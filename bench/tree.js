// What does a tree cost, and does it matter what else runs?

const { execFileSync } = require('node:child_process');

const { pidtree } = require('pidtree');
const pidusage = require('pidusage');

const memory = require('..');
const { call, compare, crowd, once, ratio } = require('./measure');

/** psutil in a Python of its own, which measures itself; without it there is nothing to compare with. */
function psutil(pid) {
  const program = `
import psutil, time
root = psutil.Process(${pid})
def ask():
    for process in [root] + root.children(recursive=True):
        process.memory_info()
ask()
times = []
for _ in range(5):
    begin = time.perf_counter_ns()
    ask()
    times.append(time.perf_counter_ns() - begin)
print(sorted(times)[2])
`;
  return { nanoseconds: async () => Number(execFileSync('/usr/bin/python3', ['-c', program])) };
}

async function treeUsage(pid) {
  return pidusage(await pidtree(pid, { root: true }));
}

/** The same tree among none, then with so many others beside it: in turns, for the others come and go. */
async function amongOthers(tree, others) {
  const alone = call(() => memory.getTreeMemoryInfo(tree.pid));
  return compare(
    {
      'among none': alone,
      [`among ${others}`]: {
        nanoseconds: async () => {
          const group = await crowd(others);
          const time = await alone.nanoseconds();
          await group.stop();
          return time;
        },
      },
    },
    5,
  );
}

async function growth() {
  const trees = await Promise.all([0, 19, 199].map((children) => crowd(children)));
  const rows = await compare(
    Object.fromEntries(
      trees.map((tree) => [
        `tree of ${tree.children.length + 1}`,
        call(() => memory.getTreeMemoryInfo(tree.pid)),
      ]),
    ),
  );
  await Promise.all(trees.map((tree) => tree.stop()));
  return { question: 'Trees of 1, 20 and 200 processes', rows };
}

async function peers(tree) {
  const others = await crowd(500);
  const ours = 'getTreeMemoryInfo(pid)';
  const rows = await compare(
    {
      [ours]: call(() => memory.getTreeMemoryInfo(tree.pid)),
      'psutil: children(recursive=True), memory_info()': psutil(tree.pid),
      'pidtree, pidusage': once(() => treeUsage(tree.pid)),
    },
    5,
  );
  await others.stop();
  pidusage.clear();
  const [, theirs, spawned] = rows;
  return {
    question: 'A tree of 20 with its memory, among 500 others',
    rows,
    bounds: [
      { what: 'to psutil', value: ratio(rows, ours, theirs.name), most: 1 / 20 },
      { what: 'to pidtree and pidusage', value: ratio(rows, ours, spawned.name), most: 1 / 30 },
    ],
  };
}

exports.run = async () => {
  const tree = await crowd(19);
  try {
    const answers = [await growth()];
    for (const others of [500, 2000]) {
      const rows = await amongOthers(tree, others);
      answers.push({
        question: `A tree of 20 among ${others} unrelated processes`,
        rows,
        bounds: [{ what: 'to the same among none', value: rows[1].ratio, most: 1.2 }],
      });
    }
    answers.push(await peers(tree));
    return answers;
  } finally {
    await tree.stop();
  }
};
