'use strict';

// What the command line writes, and how it ends. Names and paths come from other processes and must not steer the
// terminal; a stream that fails is no reason for a stack trace.

const fs = require('node:fs');

/** Text in which nothing controls a terminal: no control, format or unassigned character. */
function printable(text) {
  return text.replace(/\p{C}/gu, '\ufffd');
}

const escaped = (character) =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** JSON in which the same characters are escaped; JSON.stringify() escapes only those below U+0020. */
function json(value) {
  return `${JSON.stringify(value, null, 2).replace(/[^\P{C}\n]/gu, escaped)}\n`;
}

/**
 * Writes to standard error. Not through process.stderr, which makes a pipe non-blocking for every process that has it;
 * where nothing can be written, there is no way to say so.
 */
function writeError(text) {
  try {
    fs.writeSync(2, text);
  } catch {
    process.exitCode ??= 1;
  }
}

/** Complains on standard error; the exit code is then 1. */
function complain(message) {
  process.exitCode = 1;
  writeError(`memory-info: ${printable(message)}\n`);
}

/** Ends the program in one line, or in none, where its answer cannot be written. */
function guardOutput() {
  process.stdout.on('error', (error) => {
    // A reader that has seen enough, as in "| head", is no failure.
    if (error.code !== 'EPIPE') complain(error.message);
    process.exit();
  });
}

module.exports = { complain, guardOutput, json, printable, writeError };
