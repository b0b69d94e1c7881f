#!/usr/bin/env node
/*
 * What binutils cannot read of macOS:
 *
 *   macho.js undefined FILE     the names that an object or a library for macOS takes from elsewhere
 *   macho.js exports TBD ARCH   the names that the libraries of a .tbd file have, for arm64 or x86_64
 *
 * A line each, with the underscore that macOS puts before a name of C. Formats: <mach-o/loader.h>, <mach-o/nlist.h>;
 * LLVM's TextAPI for .tbd files of version 4.
 */
'use strict';

const fs = require('node:fs');

const MH_MAGIC_64 = 0xfeedfacf;
const LC_SYMTAB = 2;
const N_STAB = 0xe0;
const N_TYPE = 0x0e;
const N_EXT = 0x01;
const HEADER_SIZE = 32;
const SYMBOL_SIZE = 16;

function symbolTable(file) {
  if (file.readUInt32LE(0) !== MH_MAGIC_64) throw new Error('not a 64-bit Mach-O file');
  const commands = file.readUInt32LE(16);
  for (let i = 0, at = HEADER_SIZE; i < commands; i++, at += file.readUInt32LE(at + 4)) {
    if (file.readUInt32LE(at) !== LC_SYMTAB) continue;
    const [symbols, count, strings] = [8, 12, 16].map((offset) => file.readUInt32LE(at + offset));
    return { symbols, count, strings };
  }
  throw new Error('no symbol table');
}

function* undefinedNames(file) {
  const { symbols, count, strings } = symbolTable(file);
  for (let i = 0; i < count; i++) {
    const at = symbols + i * SYMBOL_SIZE;
    const type = file[at + 4];
    if ((type & N_STAB) !== 0 || (type & N_TYPE) !== 0 || (type & N_EXT) === 0) continue;
    const name = strings + file.readUInt32LE(at);
    yield file.toString('latin1', name, file.indexOf(0, name));
  }
}

/* Each part begins with the targets that have what it lists. */
function* exportedNames(text, arch) {
  const target = new RegExp(`\\b${arch}e?-macos\\b`);
  for (const part of text.split('- targets:').slice(1)) {
    if (!target.test(part.slice(0, part.indexOf(']')))) continue;
    for (const [, names] of part.matchAll(/\b(?:weak-)?symbols:\s*\[([^\]]*)\]/g))
      yield* names.match(/[^\s,']+/g) ?? [];
  }
}

const [what, path, arch] = process.argv.slice(2);
const file = fs.readFileSync(path);
const names = what === 'undefined' ? undefinedNames(file) : exportedNames(file.toString(), arch);
console.log([...new Set(names)].join('\n'));
