'use strict';

// The output of the command line. Names and paths come from other processes, so they must not control the terminal.
// A failing stream does not cause a stack trace.

const fs = require('node:fs');

/** Text that is safe to print: without control, format and unassigned characters. */
function printable(text) {
  return text.replace(/\p{C}/gu, '\ufffd');
}

const escaped = (character) =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** JSON with these characters escaped; JSON.stringify() escapes only those below U+0020. */
function json(value) {
  return `${JSON.stringify(value, null, 2).replace(/[^\P{C}\n]/gu, escaped)}\n`;
}

/**
 * Writes to standard error. Not through process.stderr, which makes a pipe non-blocking for every process that shares
 * it. Failures are ignored, as they cannot be reported.
 */
function writeError(text) {
  try {
    fs.writeSync(2, text);
  } catch {
    process.exitCode ??= 1;
  }
}

/** Prints an error on one line of standard error and sets the exit code to 1. */
function complain(message) {
  process.exitCode = 1;
  writeError(`memory-info: ${printable(message.replaceAll('\n', ' '))}\n`);
}

/** Ends the program, with at most one line of error, if its output cannot be written. */
function guardOutput() {
  process.stdout.on('error', (error) => {
    // A reader that stops early, such as head, is not a failure.
    if (error.code !== 'EPIPE') complain(error.message);
    process.exit();
  });
}

module.exports = { complain, guardOutput, json, printable, writeError };
