// What does a scrape cost, compared to reading its tree?

const { Registry } = require('prom-client');

const memory = require('..');
const { collectTreeMetrics } = require('../lib/prometheus');
const { bound, call, compare, crowd } = require('./measure');

const SIZE = 200;

exports.run = async () => {
  const tree = await crowd(SIZE - 1);
  const register = new Registry();
  collectTreeMetrics({ register, roots: tree.pid });
  const kernel = 'await promises.getTreeMemoryInfo(pid)';
  const ours = 'await register.metrics()';
  const rows = await compare(
    {
      [kernel]: call(async () => memory.promises.getTreeMemoryInfo(tree.pid)),
      [ours]: call(async () => register.metrics()),
    },
    { ours, bare: kernel },
  );
  await tree.end();
  const scrape = rows.find(({ name }) => name === ours);
  return {
    title: `A scrape of a tree of ${SIZE} by Prometheus`,
    rows,
    bounds: [
      bound('scrape of a tree of 200, to the tree alone', rows, ours, kernel, 1.2),
      { what: 'scrape of a tree of 200', value: scrape.nanoseconds / 1e6, most: 10, unit: 'ms' },
    ],
  };
};
