// What does each of many pids cost?

const pidusage = require('pidusage');

const memory = require('..');
const { call, compare, crowd, once, program, ratio } = require('./measure');

const COUNTS = [10, 100, 1000];

/** A function's time divided by the number of pids. */
function each(fn, count) {
  const { nanoseconds } = call(fn);
  return { nanoseconds: async () => (await nanoseconds()) / count };
}

async function batchOf(pids) {
  const bare = 'bare C: open, read, close of status';
  const contestants = {
    [bare]: program('bare', 'open', ...pids.map((pid) => `/proc/${pid}/status`)),
    'getMemoryInfoBatch(pids)': each(() => memory.getMemoryInfoBatch(pids), pids.length),
    'getMemoryInfo(pid) for each': each(
      () => pids.map((pid) => memory.getMemoryInfo(pid)),
      pids.length,
    ),
    'promises.getMemoryInfoBatch(pids)': once(
      () => memory.promises.getMemoryInfoBatch(pids),
      pids.length,
    ),
    'pidusage(pids)': once(() => pidusage(pids), pids.length),
  };
  const rows = await compare(contestants);
  pidusage.clear();
  return {
    question: `Each of ${pids.length} pids at once`,
    rows,
    bounds: [
      {
        what: 'to the bare read',
        value: ratio(rows, 'getMemoryInfoBatch(pids)', bare),
        most: pids.length >= 1000 ? 1.05 : 1.1,
      },
    ],
  };
}

exports.run = async () => {
  const group = await crowd(Math.max(...COUNTS));
  try {
    const answers = [];
    for (const count of COUNTS) answers.push(await batchOf(group.children.slice(0, count)));
    return answers;
  } finally {
    await group.stop();
  }
};
