// npm run bench [question…]: answers each question, one file each.

const { printMachine } = require('./measure');

const QUESTIONS = ['one-process'];

async function main() {
  const asked = process.argv.length > 2 ? process.argv.slice(2) : QUESTIONS;
  printMachine();
  for (const question of asked) await require(`./${question}`).run();
}

main();
