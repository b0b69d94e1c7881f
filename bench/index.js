// npm run bench [-- --check] [--json FILE] [question…]: answers each question, one file each. With --check it exits with 1
// if a bound does not hold.

const fs = require('node:fs');
const { parseArgs } = require('node:util');

const { machine, print } = require('./measure');

const QUESTIONS = ['one-process', 'batch', 'tree', 'promises', 'footprint', 'startup', 'growth'];

async function main() {
  const { values, positionals } = parseArgs({
    options: { check: { type: 'boolean' }, json: { type: 'string' } },
    allowPositionals: true,
  });
  const answers = [];
  console.log(machine());
  for (const name of positionals.length > 0 ? positionals : QUESTIONS) {
    for (const answer of await require(`./${name}`).run()) {
      print(answer);
      answers.push(answer);
    }
  }
  if (values.json) {
    fs.writeFileSync(values.json, `${JSON.stringify({ machine: machine(), answers }, null, 2)}\n`);
  }
  const broken = answers.flatMap(({ bounds = [] }) => bounds.filter((b) => !(b.value <= b.most)));
  if (values.check && broken.length > 0) process.exitCode = 1;
}

main();
