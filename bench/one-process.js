// What does it cost to ask about one process?

const { spawn } = require('node:child_process');
const fs = require('node:fs');

const pidusage = require('pidusage');
const systeminformation = require('systeminformation');

const memory = require('..');
const { call, compare, once, program, ratio } = require('./measure');

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

async function anotherProcess(pid) {
  const handle = memory.openProcess(pid);
  const bare = 'bare C: open, read, close of status';
  const barePread = 'bare C: pread of status';
  const rows = await compare({
    [bare]: program('bare', 'open', `/proc/${pid}/status`),
    [barePread]: program('bare', 'pread', `/proc/${pid}/status`),
    'getMemoryInfo(pid)': call(() => memory.getMemoryInfo(pid)),
    'handle.getMemoryInfo()': call(() => handle.getMemoryInfo()),
    'readFileSync and parse in JavaScript': call(() => readStatus(pid)),
    'pidusage(pid)': call(async () => pidusage(pid)),
    'systeminformation.processes()': once(() => systeminformation.processes()),
  });
  handle.close();
  pidusage.clear();
  return {
    question: 'Another process',
    rows,
    bounds: [
      {
        what: 'by pid, to the bare read',
        value: ratio(rows, 'getMemoryInfo(pid)', bare),
        most: 1.1,
      },
      {
        what: 'by handle, to the bare pread',
        value: ratio(rows, 'handle.getMemoryInfo()', barePread),
        most: 1.1,
      },
    ],
  };
}

async function ownProcess() {
  const handle = memory.openProcess();
  const rss = 'process.memoryUsage.rss()';
  const rows = await compare({
    [rss]: call(() => process.memoryUsage.rss()),
    'process.memoryUsage()': call(() => process.memoryUsage()),
    'getMemoryInfo()': call(() => memory.getMemoryInfo()),
    'handle.getMemoryInfo()': call(() => handle.getMemoryInfo()),
  });
  handle.close();
  return {
    question: 'The own process',
    rows,
    bounds: [
      { what: 'by pid, to rss()', value: ratio(rows, 'getMemoryInfo()', rss), most: 0.75 },
      { what: 'by handle, to rss()', value: ratio(rows, 'handle.getMemoryInfo()', rss), most: 0.3 },
    ],
  };
}

exports.run = async () => {
  const child = spawn('sleep', ['1000']);
  try {
    return [await anotherProcess(child.pid), await ownProcess()];
  } finally {
    child.kill();
  }
};
