'use strict';

// Compares the working set that a process in Wine reports with what Linux reports for the same process: VmRSS in
// /proc/<pid>/status. They must agree within 2%, before and after the process allocates 200 MiB.
//
//   node compare-win32-rss.js NODE.EXE FOLDER-OF-THE-PACKAGE

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { eventually } = require('../test/helpers/eventually');

const TOLERANCE = 0.02;
const MIB = 1024;
const [exe, folder] = process.argv.slice(2);

// The process polls for files: "more" makes it allocate memory, "end" makes it exit. It writes its answers to "said".
const code = `
  const fs = require('node:fs');
  const memory = require('.');
  let held;
  setInterval(() => {
    if (held === undefined && fs.existsSync(process.env.TALK + '/more')) held = Buffer.alloc(200 * 1024 * 1024, 1);
    if (fs.existsSync(process.env.TALK + '/end')) process.exit();
    const { workingSetSize } = memory.getMemoryInfo();
    fs.writeFileSync(process.env.TALK + '/said.new', JSON.stringify({ workingSetSize, more: held !== undefined }));
    fs.renameSync(process.env.TALK + '/said.new', process.env.TALK + '/said');
  }, 50);`;

/** The Linux pid of the process in Wine that was started with this environment. */
function unixPid(talk) {
  for (const entry of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const name = fs.readFileSync(`/proc/${entry}/comm`, 'utf8').trim();
      const environment = fs.readFileSync(`/proc/${entry}/environ`, 'utf8');
      if (name === path.basename(exe) && environment.split('\0').includes(`TALK=${talk}`))
        return entry;
    } catch {
      // It has exited, or belongs to another user.
    }
  }
  throw new Error('no process in Wine');
}

function residentKib(pid) {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}

async function main() {
  const talk = fs.mkdtempSync(path.join(os.tmpdir(), 'process-memory-info-'));
  const log = fs.openSync(path.join(talk, 'log'), 'w');
  const wine = spawn('wine', [exe, '-e', code], {
    cwd: folder,
    env: { ...process.env, TALK: talk },
    stdio: ['ignore', log, log],
  });
  const exited = new Promise((resolve) => wine.once('exit', resolve));
  try {
    const sizes = [];
    for (const more of [false, true]) {
      if (more) fs.writeFileSync(path.join(talk, 'more'), '');
      await eventually(() => {
        const said = JSON.parse(fs.readFileSync(path.join(talk, 'said'), 'utf8'));
        assert.equal(said.more, more);
        const resident = residentKib(unixPid(talk));
        const deviation = said.workingSetSize / resident - 1;
        const line = `workingSetSize ${said.workingSetSize} KiB, VmRSS ${resident} KiB: ${(100 * deviation).toFixed(2)}%`;
        assert.ok(Math.abs(deviation) <= TOLERANCE, line);
        console.log(line);
        sizes.push(resident);
      }, 30);
    }
    assert.ok(Math.abs(sizes[1] - sizes[0] - 200 * MIB) < 10 * MIB, 'Linux reports the 200 MiB');
  } catch (error) {
    console.error(fs.readFileSync(path.join(talk, 'log'), 'utf8'));
    throw error;
  } finally {
    fs.writeFileSync(path.join(talk, 'end'), '');
    const timer = setTimeout(() => wine.kill('SIGKILL'), 10000);
    await exited;
    clearTimeout(timer);
    fs.rmSync(talk, { recursive: true });
  }
}

main();
