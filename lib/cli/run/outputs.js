'use strict';

// The files given by -o, each in the format of its extension. Recordings are written immediately, line by line, so all
// complete lines can be read even if this program is killed.

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
  throw new Error(`'${file}': unknown extension; known extensions: ${known}`);
}

/** A file that is written incrementally. */
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

  /** Returns the error that ended writing, once. */
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

/** All output files. `onError` is called once for each that fails; the others continue. */
class Outputs {
  #outputs = [];
  #onError;

  /** Throws if a file cannot be opened or has an unknown extension. */
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
