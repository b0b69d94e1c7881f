// What does it cost to ask about one other process?

const { spawn } = require('node:child_process');
const fs = require('node:fs');

const pidusage = require('pidusage');

const memory = require('..');
const { call, compare, print, program } = require('./measure');

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
  const child = spawn('sleep', ['1000']);
  const handle = memory.openProcess(child.pid);
  const own = memory.openProcess();
  try {
    const { pid } = child;
    const rows = await compare({
      'bare C open+read+close of status': program('bare', `/proc/${pid}/status`),
      'getMemoryInfo(pid)': call(() => memory.getMemoryInfo(pid)),
      'handle.getMemoryInfo()': call(() => handle.getMemoryInfo()),
      'promises.getMemoryInfo(pid)': call(async () => memory.promises.getMemoryInfo(pid)),
      'readFileSync + parse in JS': call(() => readStatus(pid)),
      'process.memoryUsage() (own only)': call(() => process.memoryUsage()),
      'process.memoryUsage.rss() (own only)': call(() => process.memoryUsage.rss()),
      'getMemoryInfo() (own)': call(() => memory.getMemoryInfo()),
      'own handle.getMemoryInfo()': call(() => own.getMemoryInfo()),
      'pidusage(pid)': call(async () => pidusage(pid)),
    });
    print('One process', rows);
    return rows;
  } finally {
    child.kill();
    handle.close();
    own.close();
    pidusage.clear();
  }
};
