// How much memory is left after a million calls? Runs in its own process, where nothing else allocates.

const { execFileSync } = require('node:child_process');
const path = require('node:path');

const CALLS = 1e6;
const CODE = `
  const fs = require('node:fs');
  const memory = require(${JSON.stringify(path.join(__dirname, '..'))});
  const handle = memory.openProcess(process.ppid);
  const own = memory.openProcess();
  const pids = [process.pid, process.ppid];
  const round = (calls) => {
    for (let i = 0; i < calls / 10; i++) {
      for (let k = 0; k < 3; k++) {
        memory.getMemoryInfo();
        handle.getMemoryInfo();
        own.getMemoryInfo();
      }
      memory.getMemoryInfoBatch(pids);
    }
  };
  const state = () => {
    for (let i = 0; i < 3; i++) gc();
    return { descriptors: fs.readdirSync('/proc/self/fd').length, kib: own.getMemoryCounters().anon };
  };
  round(${CALLS} / 4);
  const before = state();
  round(${CALLS});
  const after = state();
  console.log(JSON.stringify({
    descriptors: after.descriptors - before.descriptors,
    kib: after.kib - before.kib,
  }));`;

exports.run = async () => {
  const output = execFileSync(process.execPath, ['--expose-gc', '-e', CODE], { encoding: 'utf8' });
  const { descriptors, kib } = JSON.parse(output);
  return {
    title: 'What is left after a million calls',
    rows: [],
    bounds: [
      { what: 'descriptors after a million calls', value: descriptors, most: 0, unit: '' },
      { what: 'memory after a million calls', value: kib, most: 1023, unit: ' KiB' },
    ],
  };
};
