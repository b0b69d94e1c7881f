'use strict';

// Runs workers.js with an addon built for ThreadSanitizer, and fails if it reports a race in the package's code.
//
// Node.js itself is not built for it. The sanitizer sees its allocations, locks and descriptors, but neither its
// atomics nor the descriptors that libuv closes by syscall(), so it reports many races that do not exist. A report
// counts only if one of the two accesses is in this package: its innermost frame outside the sanitizer and the C
// library. Reports about descriptors never count: the sanitizer does not see openat(), so it does not know this
// package's descriptors.

const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const OURS = 'process_memory_info.node';
const THEIRS = /\((libtsan|libc|libstdc\+\+|ld-linux)[\w.+-]*\.so/;
const WORKERS = 16;
const ROUNDS = 20;

/** Splits a report into its sections: their subjects and frames. */
function sectionsOf(report) {
  return report.split(/\n\s*\n/).map((text) => {
    const [title, ...frames] = text.split('\n').filter((line) => !/^(=|WARNING)/.test(line));
    return { title: title ?? '', frames: frames.filter((line) => /^ +#\d/.test(line)) };
  });
}

function isOurs(report) {
  const sections = sectionsOf(report);
  if (sections.some(({ title }) => title.includes('Location is file descriptor'))) return false;
  return sections
    .filter(({ title }) => /\b(read|write) of size \d/i.test(title))
    .some(({ frames }) => frames.find((frame) => !THEIRS.test(frame))?.includes(OURS));
}

/** Runs the workers. Returns the sanitizer's reports. */
function watch(folder) {
  const library = execFileSync('gcc', ['-print-file-name=libtsan.so'], { encoding: 'utf8' }).trim();
  const log = path.join(folder, 'log');
  const workers = [path.join(__dirname, 'workers.js'), WORKERS, ROUNDS].map(String);
  const { status, stdout, stderr } = spawnSync(process.execPath, workers, {
    env: { ...process.env, LD_PRELOAD: library, TSAN_OPTIONS: `exitcode=0 log_path=${log}` },
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  process.stdout.write(stdout);
  return fs
    .readdirSync(folder)
    .flatMap((name) => fs.readFileSync(path.join(folder, name), 'utf8').split(/^={18}$/m))
    .filter((text) => text.includes('WARNING: ThreadSanitizer'));
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'process-memory-info-races-'));
try {
  const reports = watch(folder);
  const ours = reports.filter(isOurs);
  for (const report of ours) console.error(report);
  console.log(`${reports.length} reports, ${ours.length} of them about ${OURS}`);
  process.exitCode = ours.length === 0 ? 0 : 1;
} finally {
  fs.rmSync(folder, { recursive: true });
}
