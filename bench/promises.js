// What do the promise forms cost: one after the other, and 100 in flight?

const pidusage = require('pidusage');

const memory = require('..');
const { call, compare, crowd, slow } = require('./measure');

const IN_FLIGHT = 100;

const inFlight = (ask) => async () => Promise.all(Array.from({ length: IN_FLIGHT }, ask));

exports.run = async () => {
  const { pid, pids, end } = await crowd(IN_FLIGHT);
  const { promises } = memory;
  const one = await compare(
    {
      'getMemoryInfo(pid), at once': call(() => memory.getMemoryInfo(pid)),
      'await promises.getMemoryInfo(pid)': call(async () => promises.getMemoryInfo(pid)),
      'await promises.getTreeMemoryInfo(): 101 processes': call(async () =>
        promises.getTreeMemoryInfo(pid),
      ),
      'await promises.getMemoryFootprint(pid)': call(async () => promises.getMemoryFootprint(pid)),
      'await pidusage(pid)': call(async () => pidusage(pid)),
    },
    { ours: 'await promises.getMemoryInfo(pid)' },
  );
  const many = await compare(
    {
      'promises.getMemoryInfo(pid)': call(
        inFlight((_, i) => promises.getMemoryInfo(pids[i])),
        IN_FLIGHT,
      ),
      'promises.getMemoryInfoBatch(pids)': call(
        async () => promises.getMemoryInfoBatch(pids),
        IN_FLIGHT,
      ),
      'pidusage(pid)': slow(
        inFlight((_, i) => pidusage(pids[i])),
        { each: IN_FLIGHT },
      ),
    },
    { ours: 'promises.getMemoryInfo(pid)' },
  );
  pidusage.clear();
  await end();
  return [
    { title: 'Promises, one after the other', rows: one, bounds: [] },
    { title: 'Promises, 100 in flight, for each', rows: many, bounds: [] },
  ];
};
