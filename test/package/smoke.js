// Run by each runtime in a project that has the package installed: makes the calls that a user would make first, prints
// a line, and fails if a result cannot be right.
//
//   smoke.js NAME-OF-THE-RUNTIME

const assert = require('node:assert/strict');
const { Worker, isMainThread, parentPort } = require('node:worker_threads');

const memory = require('process-memory-info');

/** Checks the figures of a process that runs JavaScript. */
function check(info) {
  assert.equal(info.pid, process.pid);
  for (const [name, value] of Object.entries(info)) assert.ok(Number.isSafeInteger(value), name);
  assert.ok(info.workingSetSize > 4 * 1024 && info.workingSetSize < 4 * 1024 * 1024);
  return info;
}

async function main(name) {
  const info = check(memory.getMemoryInfo());
  check(await memory.promises.getMemoryInfo());
  check(await require('process-memory-info/promises').getMemoryInfo());
  assert.equal(typeof (await import('process-memory-info')).getMemoryInfo, 'function');

  const tree = memory.getTreeMemoryInfo();
  assert.equal(tree.processes[0].pid, process.pid);
  const handle = memory.openProcess();
  check(handle.getMemoryInfo());
  assert.equal(handle.isAlive(), true);
  handle.close();
  assert.ok(memory.getSystemMemoryInfo().total > info.workingSetSize);
  // No process has this pid on any system.
  assert.throws(() => memory.getMemoryInfo(4294967291), { code: 'ESRCH', syscall: /./ });

  // A buffer that is written to is visible: the figures are current and of this process.
  const before = memory.getMemoryInfo().workingSetSize;
  const held = Buffer.alloc(64 * 1024 * 1024, 1);
  const grown = memory.getMemoryInfo().workingSetSize - before;
  assert.ok(grown > 48 * 1024 && grown < 96 * 1024, `${held.length} bytes made ${grown} KiB`);

  const worker = new Worker(__filename);
  const fromWorker = await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  check(fromWorker);
  await worker.terminate();

  console.log(`${name}: ${JSON.stringify(info)}`);
}

if (isMainThread) {
  main(process.argv[2]).catch((error) => {
    console.error(error);
    process.exit(1);
  });
} else {
  parentPort.postMessage(memory.getMemoryInfo());
}
