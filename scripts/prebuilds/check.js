'use strict';

// Prints what each prebuilt binary requires of the system. Fails if not every such system provides that, or if a binary
// lacks what its system requires. Reads the binaries with llvm-readobj (Debian: llvm).
//
//   node scripts/prebuilds/check.js FOLDER

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { targets } = require('./targets');

const MACHO_HEADER = 32;
// The load command of a signature takes 16 bytes; other tools add their own.
const ROOM_FOR_LOAD_COMMANDS = 1024;

const byVersion = (a, b) => a.localeCompare(b, 'en', { numeric: true });

const readobj = (file, ...options) =>
  execFileSync('llvm-readobj', [...options, file], { encoding: 'utf8' });

const number = (text, name) => Number(new RegExp(`\\b${name}: (\\w+)`).exec(text)?.[1]);

/** The libraries that a binary needs, and the latest version of the C library's symbols. */
function read(file) {
  const [, list] = /NeededLibraries \[([^\]]*)\]/.exec(readobj(file, '--needed-libs'));
  const versions = readobj(file, '--version-info').matchAll(/Name: (?:GLIBC|FBSD)_([\d.]+)/g);
  return {
    libraries: list
      .split('\n')
      .map((line) => line.trim())
      // A library for macOS lists its own name among them.
      .filter((line) => line !== '' && path.basename(line) !== path.basename(file)),
    version: Array.from(versions, ([, text]) => text)
      .sort(byVersion)
      .at(-1),
  };
}

const complaintsOf = {
  ELF(file) {
    const sections = readobj(file, '--sections');
    const wrong = [];
    if (/Name: \.(symtab|debug_info)\b/.test(sections))
      wrong.push('has symbols or debugging information');
    if (!/Name: \.note\.gnu\.build-id\b/.test(sections)) wrong.push('has no build id');
    return wrong;
  },
  'Mach-O'(file) {
    const [, text] = /Section \{[^}]*Name: __text([^}]*)/.exec(readobj(file, '--sections'));
    const commands = number(readobj(file, '--file-headers'), 'SizeOfLoadCommands');
    const room = number(text, 'Offset') - MACHO_HEADER - commands;
    return room >= ROOM_FOR_LOAD_COMMANDS
      ? []
      : [`has room for ${room} bytes of load commands only`];
  },
  COFF(file) {
    const wrong = [];
    if (number(readobj(file, '--file-headers'), 'SymbolCount') > 0) wrong.push('has symbols');
    if (!readobj(file, '--coff-resources').includes('Type: VERSIONINFO (ID 16)'))
      wrong.push('has no version resource');
    return wrong;
  },
};

/** The problems of a binary; empty if it is correct. */
function complaints(file, target, { libraries, version }) {
  if (target === undefined) return ['is for no target'];
  const format = /Format: (ELF|Mach-O|COFF)/i.exec(
    readobj(file, '--file-headers').replaceAll('elf', 'ELF'),
  )[1];
  const wrong = complaintsOf[format](file);
  const strange = libraries.filter((name) => !target.libraries.test(name));
  wrong.push(...strange.map((name) => `needs ${name}`));
  if (libraries.length === 0) wrong.push('needs no library at all');
  if (
    target.version !== undefined &&
    (version === undefined || byVersion(version, target.version) > 0)
  )
    wrong.push(`needs version ${version} of libc, later than ${target.version}`);
  return wrong;
}

function main(folder) {
  for (const name of fs.readdirSync(folder).sort()) {
    const file = path.join(folder, name);
    const found = read(file);
    const needs = found.libraries.join(' ') + (found.version ? `, version ${found.version}` : '');
    const size = String(fs.statSync(file).size).padStart(7);
    console.log(`${name.padEnd(26)} ${size} bytes, needs ${needs}`);
    for (const complaint of complaints(file, targets[path.basename(name, '.node')], found)) {
      console.error(`prebuilds: ${name} ${complaint}`);
      process.exitCode = 1;
    }
  }
}

main(process.argv[2]);
