// What do the promise forms cost, one by one and many at once?

const memory = require('..');
const { call, compare } = require('./measure');

const IN_FLIGHT = 100;

exports.run = async () => {
  const pid = process.ppid;
  const many = call(() =>
    Promise.all(Array.from({ length: IN_FLIGHT }, () => memory.promises.getMemoryInfo(pid))),
  );
  const rows = await compare({
    'getMemoryInfo(pid)': call(() => memory.getMemoryInfo(pid)),
    'promises.getMemoryInfo(pid), one after the other': call(async () =>
      memory.promises.getMemoryInfo(pid),
    ),
    [`promises.getMemoryInfo(pid), each of ${IN_FLIGHT} in flight`]: {
      nanoseconds: async () => (await many.nanoseconds()) / IN_FLIGHT,
    },
  });
  return [{ question: 'Promises', rows }];
};
