'use strict';

// How many columns of a terminal text takes: wide characters take two, combining ones none. Node.js measures it for its
// own line editor, which is asked here.

const readline = require('node:readline');
const { PassThrough } = require('node:stream');

let editor;

function widthOf(text) {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  editor ??= readline.createInterface({ input: new PassThrough() });
  editor.setPrompt(text);
  return editor.getCursorPos().cols;
}

/** As much of the text, which is printable, as fits into so many columns. */
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

/** The same, filled with spaces where it is shorter. */
function pad(text, columns) {
  const taken = cut(text, columns);
  return taken + ' '.repeat(columns - widthOf(taken));
}

module.exports = { cut, pad, widthOf };
