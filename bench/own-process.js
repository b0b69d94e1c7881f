// What does it cost to read the own process, compared to what Node.js provides?

const memory = require('..');
const { bare, bound, call, compare } = require('./measure');

exports.run = async () => {
  const own = memory.openProcess();
  const rows = await compare(
    {
      'bare C: open, read, close statm': bare('open', `/proc/${process.pid}/statm`),
      'getMemoryInfo()': call(() => memory.getMemoryInfo()),
      'handle.getMemoryInfo()': call(() => own.getMemoryInfo()),
      'process.memoryUsage.rss()': call(() => process.memoryUsage.rss()),
      'process.memoryUsage()': call(() => process.memoryUsage()),
    },
    { ours: 'getMemoryInfo()', bare: 'bare C: open, read, close statm' },
  );
  own.close();
  const rss = 'process.memoryUsage.rss()';
  return {
    title: 'The own process',
    rows,
    bounds: [
      bound(
        'own process by handle, to memoryUsage.rss()',
        rows,
        'handle.getMemoryInfo()',
        rss,
        0.3,
      ),
    ],
  };
};
