// What does the first require() cost?

const { execFileSync } = require('node:child_process');
const path = require('node:path');

const { compare, once } = require('./measure');

const PACKAGE = JSON.stringify(path.join(__dirname, '..'));
const TIMES = 10;

const run = (code) =>
  once(() => {
    for (let i = 0; i < TIMES; i++) execFileSync(process.execPath, ['-e', code]);
  }, TIMES);

exports.run = async () => {
  const rows = await compare({
    'an empty script': run(''),
    "require('process-memory-info')": run(`require(${PACKAGE})`),
  });
  const [empty, required] = rows;
  return [
    {
      question: 'Start of a program',
      rows,
      bounds: [
        {
          what: 'above an empty script',
          value: (required.nanoseconds - empty.nanoseconds) / 1e6,
          most: 3,
          unit: ' ms',
        },
      ],
    },
  ];
};
