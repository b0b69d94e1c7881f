// What does each process of a batch cost, and does that depend on their number? Nanoseconds are per pid.

const pidusage = require('pidusage');

const memory = require('..');
const { bare, bound, call, compare, crowd, psutil, slow } = require('./measure');

const PARTS = 4;

/** The promise form, split into parts that the thread pool answers in parallel. */
function inParts(pids) {
  const size = Math.ceil(pids.length / PARTS);
  const parts = Array.from({ length: PARTS }, (_, i) => pids.slice(i * size, (i + 1) * size));
  return Promise.all(parts.map((part) => memory.promises.getMemoryInfoBatch(part)));
}

async function ask(pids) {
  const each = pids.length;
  const kernel = 'bare C: open, read, close status';
  const rows = await compare(
    {
      [kernel]: bare('open', ...pids.map((pid) => `/proc/${pid}/status`)),
      'getMemoryInfoBatch(pids)': call(() => memory.getMemoryInfoBatch(pids), each),
      'getMemoryInfo(pid) in a loop': call(
        () => pids.map((pid) => memory.getMemoryInfo(pid)),
        each,
      ),
      'await promises.getMemoryInfoBatch(pids)': call(
        async () => memory.promises.getMemoryInfoBatch(pids),
        each,
      ),
      'the promise form, in 4 parts at once': call(async () => inParts(pids), each),
      'psutil Process(pid).memory_info() in a loop': {
        nanoseconds: async () => (await psutil('batch', ...pids).nanoseconds()) / each,
      },
      'await pidusage(pids)': slow(async () => pidusage(pids), { each }),
    },
    { ours: 'getMemoryInfoBatch(pids)', bare: kernel },
  );
  pidusage.clear();
  const bounds =
    each === 1000
      ? [
          bound(
            'batch of 1,000, to the bare C read',
            rows,
            'getMemoryInfoBatch(pids)',
            kernel,
            1.05,
          ),
        ]
      : [];
  return { title: `A batch of ${each}, for each pid`, rows, bounds };
}

exports.run = async () => {
  const { pids, end } = await crowd(1000);
  const answers = [];
  for (const size of [10, 100, 1000]) answers.push(await ask(pids.slice(0, size)));
  await end();
  return answers;
};
