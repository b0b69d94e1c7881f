'use strict';

// The width of text in terminal columns: wide characters take two, combining ones none. Measured by the line editor of
// Node.js.

const readline = require('node:readline');
const { PassThrough } = require('node:stream');

let editor;

function widthOf(text) {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  editor ??= readline.createInterface({ input: new PassThrough() });
  editor.setPrompt(text);
  return editor.getCursorPos().cols;
}

/** Truncates printable text to a number of columns. */
function cut(text, columns) {
  if (widthOf(text) <= columns) return text;
  let taken = '';
  let width = 0;
  for (const character of text) {
    width += widthOf(character);
    if (width > columns) break;
    taken += character;
  }
  return taken;
}

/** Truncates or pads text to a number of columns. */
function pad(text, columns) {
  const taken = cut(text, columns);
  return taken + ' '.repeat(columns - widthOf(taken));
}

module.exports = { cut, pad, widthOf };
