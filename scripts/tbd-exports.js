#!/usr/bin/env node
/*
 * Prints the symbols of the libraries in a .tbd file of macOS, for arm64 or x86_64:
 *
 *   tbd-exports.js TBD ARCH
 *
 * One per line, with the underscore that macOS puts before C names. llvm-nm reads only the first library of such a
 * file. Format: LLVM's TextAPI, version 4.
 */
'use strict';

const fs = require('node:fs');

const [path, arch] = process.argv.slice(2);
const target = new RegExp(`\\b${arch}e?-macos\\b`);
const names = new Set();
// Each part begins with the targets that its symbols are for.
for (const part of fs.readFileSync(path, 'utf8').split('- targets:').slice(1)) {
  if (!target.test(part.slice(0, part.indexOf(']')))) continue;
  for (const [, list] of part.matchAll(/\b(?:weak-)?symbols:\s*\[([^\]]*)\]/g))
    for (const name of list.match(/[^\s,']+/g) ?? []) names.add(name);
}
console.log([...names].join('\n'));
