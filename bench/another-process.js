// What does it cost to read one other process?

const fs = require('node:fs');

const pidusage = require('pidusage');

const memory = require('..');
const { bare, bound, call, compare, crowd, psutil } = require('./measure');

function readStatus(pid) {
  const text = fs.readFileSync(`/proc/${pid}/status`, 'latin1');
  const kib = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]);
  return {
    pid,
    workingSetSize: kib('VmRSS'),
    peakWorkingSetSize: kib('VmHWM'),
    privateBytes: kib('RssAnon'),
    sharedBytes: kib('RssFile') + kib('RssShmem'),
  };
}

exports.run = async () => {
  const { pid, end } = await crowd(0);
  const handle = memory.openProcess(pid);
  const status = `/proc/${pid}/status`;
  const rows = await compare(
    {
      'bare C: open, read, close status': bare('open', status),
      'getMemoryInfo(pid)': call(() => memory.getMemoryInfo(pid)),
      'bare C: pread status': bare('pread', status),
      'handle.getMemoryInfo()': call(() => handle.getMemoryInfo()),
      'await promises.getMemoryInfo(pid)': call(async () => memory.promises.getMemoryInfo(pid)),
      'readFileSync(status) and regular expressions': call(() => readStatus(pid)),
      'psutil memory_info()': psutil('memory_info', pid),
      'await pidusage(pid)': call(async () => pidusage(pid)),
    },
    { ours: 'getMemoryInfo(pid)', bare: 'bare C: open, read, close status' },
  );
  pidusage.clear();
  handle.close();
  await end();
  return {
    title: 'One other process',
    rows,
    bounds: [
      bound(
        'another pid, to the bare C read',
        rows,
        'getMemoryInfo(pid)',
        'bare C: open, read, close status',
        1.1,
      ),
      bound(
        'another pid by handle, to a bare pread',
        rows,
        'handle.getMemoryInfo()',
        'bare C: pread status',
        1.1,
      ),
    ],
  };
};
