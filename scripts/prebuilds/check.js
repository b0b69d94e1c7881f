'use strict';

// Prints what each prebuilt binary asks the system for, and fails if that is more than every such system has.
//
//   node scripts/prebuilds/check.js FOLDER

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

// The C library's file, the latest version of its symbols that may be asked for, and its loader, which some
// processors' binaries name, too.
const GLIBC = { libraries: /^(libc\.so\.6|libpthread\.so\.0|ld-linux-[\w-]+\.so\.\d)$/ };
const RULES = {
  'linux-x64.glibc': { ...GLIBC, version: '2.17' },
  'linux-arm64.glibc': { ...GLIBC, version: '2.17' },
  'linux-arm.armv7.glibc': { ...GLIBC, version: '2.17' },
  'linux-riscv64.glibc': { ...GLIBC, version: '2.27' },
  'linux-x64.musl': { libraries: /^libc\.so$/ },
  'linux-arm64.musl': { libraries: /^libc\.so$/ },
  'linux-arm.armv7.musl': { libraries: /^libc\.so$/ },
  'linux-riscv64.musl': { libraries: /^libc\.so$/ },
  'freebsd-x64': { libraries: /^libc\.so\.7$/, version: '1.7' },
  'win32-x64': { libraries: /^(kernel32|ntdll|api-ms-win-crt-[a-z0-9-]+)\.dll$/i },
  'win32-arm64': { libraries: /^(kernel32|ntdll|api-ms-win-crt-[a-z0-9-]+)\.dll$/i },
  'win32-ia32': { libraries: /^(kernel32|ntdll|api-ms-win-crt-[a-z0-9-]+)\.dll$/i },
  'darwin-x64': { libraries: /^\/usr\/lib\/libSystem\.B\.dylib$/ },
  'darwin-arm64': { libraries: /^\/usr\/lib\/libSystem\.B\.dylib$/ },
};

/** Where the binary of a target is: linux-x64/process-memory-info.glibc.node for linux-x64.glibc. */
function fileOf(target) {
  const [folder, ...tags] = target.split('.');
  return `${folder}/${['process-memory-info', ...tags, 'node'].join('.')}`;
}

const byVersion = (a, b) => a.localeCompare(b, 'en', { numeric: true });

/** DT_NEEDED, and the latest version of the C library's symbols. */
function readElf(file) {
  const dynamic = execFileSync('readelf', ['-dW', file], { encoding: 'utf8' });
  const symbols = execFileSync('readelf', ['-W', '--version-info', file], { encoding: 'utf8' });
  const sections = execFileSync('readelf', ['-SW', file], { encoding: 'utf8' });
  return {
    libraries: Array.from(dynamic.matchAll(/\(NEEDED\).*\[(.+)\]/g), ([, name]) => name),
    version: Array.from(symbols.matchAll(/Name: (?:GLIBC|FBSD)_([\d.]+)/g), ([, text]) => text)
      .sort(byVersion)
      .at(-1),
    stripped: !/\.(symtab|debug_info)\b/.test(sections),
  };
}

/** The names in the import directory. https://learn.microsoft.com/windows/win32/debug/pe-format */
function readPe(bytes) {
  const header = bytes.readUInt32LE(0x3c) + 4;
  const sections = bytes.readUInt16LE(header + 2);
  const optional = header + 20;
  const directories = optional + (bytes.readUInt16LE(optional) === 0x20b ? 112 : 96);
  const table = optional + bytes.readUInt16LE(header + 16);
  const offsetOf = (address) => {
    for (let at = table; at < table + 40 * sections; at += 40) {
      const start = bytes.readUInt32LE(at + 12);
      const size = bytes.readUInt32LE(at + 16);
      if (address >= start && address < start + size)
        return address - start + bytes.readUInt32LE(at + 20);
    }
    throw new Error(`address ${address} is in no section`);
  };
  const libraries = [];
  for (let at = offsetOf(bytes.readUInt32LE(directories + 8)); ; at += 20) {
    const name = bytes.readUInt32LE(at + 12);
    if (name === 0) break;
    const start = offsetOf(name);
    libraries.push(bytes.toString('latin1', start, bytes.indexOf(0, start)));
  }
  return { libraries, stripped: bytes.readUInt32LE(header + 8) === 0 };
}

/** The libraries of the load commands. https://github.com/apple-oss-distributions/xnu, EXTERNAL_HEADERS/mach-o/loader.h */
function readMachO(bytes) {
  const libraries = [];
  let at = 32;
  for (let left = bytes.readUInt32LE(16); left > 0; left--) {
    const command = bytes.readUInt32LE(at);
    const size = bytes.readUInt32LE(at + 4);
    if (command === 0xc || command === 0x80000018) {
      const name = at + bytes.readUInt32LE(at + 8);
      libraries.push(bytes.toString('latin1', name, bytes.indexOf(0, name)));
    }
    at += size;
  }
  return { libraries, stripped: true };
}

function read(file) {
  const bytes = fs.readFileSync(file);
  if (bytes.toString('latin1', 0, 4) === '\x7fELF') return readElf(file);
  if (bytes.toString('latin1', 0, 2) === 'MZ') return readPe(bytes);
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return readMachO(bytes);
  throw new Error(`${file} is no binary`);
}

/** What is wrong with a binary; nothing, if it is well. */
function complaints(rule, { libraries, version, stripped }) {
  if (rule === undefined) return ['is for no target'];
  const wrong = libraries
    .filter((name) => !rule.libraries.test(name))
    .map((name) => `needs ${name}`);
  if (libraries.length === 0) wrong.push('needs no library at all');
  if (!stripped) wrong.push('has symbols or debugging information');
  if (rule.version !== undefined && (version === undefined || byVersion(version, rule.version) > 0))
    wrong.push(`needs version ${version} of libc, later than ${rule.version}`);
  return wrong;
}

function main(folder) {
  const targets = new Map(Object.keys(RULES).map((target) => [fileOf(target), target]));
  for (const directory of fs.readdirSync(folder).sort()) {
    for (const name of fs.readdirSync(path.join(folder, directory)).sort()) {
      const target = targets.get(`${directory}/${name}`);
      const file = path.join(folder, directory, name);
      const found = read(file);
      const needs = found.libraries.join(' ') + (found.version ? `, version ${found.version}` : '');
      const size = String(fs.statSync(file).size).padStart(7);
      console.log(`${`${directory}/${name}`.padEnd(52)} ${size} bytes, needs ${needs}`);
      for (const complaint of complaints(RULES[target], found)) {
        console.error(`prebuilds: ${directory}/${name} ${complaint}`);
        process.exitCode = 1;
      }
    }
  }
}

if (require.main === module) main(process.argv[2]);

module.exports = { RULES, fileOf };
