// What does the footprint of a process of 50 MiB cost?

const memory = require('..');
const { bare, call, compare, crowd, psutil } = require('./measure');

exports.run = async () => {
  const { pid, end } = await crowd(0, 50);
  const handle = memory.openProcess(pid);
  const kernel = 'bare C: open, read, close smaps_rollup';
  const rows = await compare(
    {
      [kernel]: bare('open', `/proc/${pid}/smaps_rollup`),
      'getMemoryFootprint(pid)': call(() => memory.getMemoryFootprint(pid)),
      'handle.getMemoryFootprint()': call(() => handle.getMemoryFootprint()),
      'await promises.getMemoryFootprint(pid)': call(async () =>
        memory.promises.getMemoryFootprint(pid),
      ),
      'psutil memory_full_info()': psutil('memory_full_info', pid),
    },
    { ours: 'getMemoryFootprint(pid)', bare: kernel },
  );
  handle.close();
  await end();
  return { title: 'The footprint of a process of 50 MiB', rows, bounds: [] };
};
