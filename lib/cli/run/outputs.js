'use strict';

// The files that -o names, each in the format that its extension stands for. What is recorded while the command runs is
// written at once and line by line, so that it can be read up to its last whole line whatever ends this program.

const fs = require('node:fs');
const path = require('node:path');

const FORMATS = [
  ['.jsonl', () => require('./formats/jsonl')],
  ['.csv', () => require('./formats/csv')],
  ['.trace.json', () => require('./formats/trace')],
  ['.prom', () => require('./formats/prom')],
  ['.html', () => require('./formats/html')],
  ['.txt', () => require('./formats/text')],
];

function formatOf(file) {
  const name = path.basename(file).toLowerCase();
  const found = FORMATS.find(([extension]) => name.endsWith(extension));
  if (found !== undefined) return found[1]();
  const known = FORMATS.map(([extension]) => extension).join(', ');
  throw new Error(`'${file}': the extension stands for no format; these do: ${known}`);
}

/** A file that is written to as it goes. */
class Output {
  #fd;
  #format;
  #failure;

  constructor(file) {
    this.file = file;
    const { create } = formatOf(file);
    this.#format = create(file);
    this.#fd = fs.openSync(file, 'w');
  }

  /** The error that ended it, once. */
  write(record) {
    if (this.#failure !== undefined) return undefined;
    try {
      const text = this.#format(record);
      if (text !== '') fs.writeFileSync(this.#fd, text);
      return undefined;
    } catch (error) {
      this.#failure = error;
      return error;
    }
  }

  close() {
    fs.closeSync(this.#fd);
  }
}

/** All of them. `onError` hears of each that fails, once; the others go on. */
class Outputs {
  #outputs = [];
  #onError;

  /** Throws if one cannot be opened, or has no format. */
  constructor(files, onError) {
    this.#onError = onError;
    for (const file of files) formatOf(file);
    for (const file of files) this.#outputs.push(new Output(file));
  }

  write(record) {
    for (const output of this.#outputs) {
      const error = output.write(record);
      if (error !== undefined) this.#onError(new Error(`${output.file}: ${error.message}`));
    }
  }

  close() {
    for (const output of this.#outputs) output.close();
  }
}

module.exports = { Outputs };
