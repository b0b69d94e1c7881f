// How long does require() take in a new process? Each contestant is a whole process, from its start to its exit.

const { execFileSync } = require('node:child_process');
const path = require('node:path');

const { median } = require('./measure');

const ROUNDS = 41;
const ENTRY = path.join(__dirname, '..');
const PEERS = ['pidusage', 'systeminformation'].map((name) => require.resolve(name));
const SCRIPTS = {
  'an empty script': '',
  "require('process-memory-info')": `require(${JSON.stringify(ENTRY)})`,
  "require('pidusage')": `require(${JSON.stringify(PEERS[0])})`,
  "require('systeminformation')": `require(${JSON.stringify(PEERS[1])})`,
};

function run(script) {
  const begin = process.hrtime.bigint();
  execFileSync(process.execPath, ['-e', script]);
  return Number(process.hrtime.bigint() - begin);
}

exports.run = async () => {
  const names = Object.keys(SCRIPTS);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) times[name].push(run(SCRIPTS[name]));
  }
  const above = (name) =>
    median(times[name].map((time, round) => time - times[names[0]][round])) / 1e6;
  return {
    title: 'require(), cold: a whole process',
    rows: names.map((name) => ({
      name,
      nanoseconds: median(times[name]),
      spread: [Math.min(...times[name]), Math.max(...times[name])],
    })),
    bounds: [
      { what: 'cold require, above an empty script', value: above(names[1]), most: 3, unit: ' ms' },
    ],
  };
};
