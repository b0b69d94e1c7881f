// What is left behind after a million calls?

const { execFileSync } = require('node:child_process');
const path = require('node:path');

const PACKAGE = JSON.stringify(path.join(__dirname, '..'));
const CALLS = 1e6;

// In a process of its own, with little garbage from elsewhere, and a heap that is collected before each look.
const CODE = `
const memory = require(${PACKAGE});
const fs = require('node:fs');
const look = () => {
  for (let i = 0; i < 4; i++) gc();
  return { kib: memory.getMemoryInfo().privateBytes, fds: fs.readdirSync('/proc/self/fd').length };
};
const ask = (times) => {
  for (let i = 0; i < times; i++) memory.getMemoryInfo(process.ppid);
};
ask(1e5);
const before = look();
ask(${CALLS});
const after = look();
console.log(JSON.stringify({ kib: after.kib - before.kib, fds: after.fds - before.fds }));
`;

exports.run = async () => {
  const output = execFileSync(process.execPath, ['--expose-gc', '-e', CODE], { encoding: 'utf8' });
  const { kib, fds } = JSON.parse(output);
  return [
    {
      question: 'After 1,000,000 calls',
      rows: [],
      bounds: [
        { what: 'descriptors left open', value: fds, most: 0 },
        { what: 'private memory', value: Math.max(0, kib) / 1024, most: 1, unit: ' MiB' },
      ],
    },
  ];
};
