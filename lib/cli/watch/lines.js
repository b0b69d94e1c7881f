'use strict';

// One line per reading, for output that is not a terminal.

const { sizeOf } = require('../../results');
const { printable } = require('../output');
const { change, duration, plural, size, totalSize } = require('../units');
const { comparing } = require('./columns');

function lineOf({ shown, sort }) {
  const { elapsed, total, processes, unreadable } = shown;
  const [first] = processes.toSorted(comparing(sort));
  return [
    duration(elapsed),
    totalSize(total),
    change(total.change),
    plural(total.processes, 'process', 'processes'),
    `${printable(first.name)} (${first.pid}) ${size(sizeOf(first))}`,
    ...(unreadable.length > 0 ? [`${unreadable.length} unreadable`] : []),
  ].join('  ');
}

class Lines {
  #state;

  constructor(state) {
    this.#state = state;
  }

  show() {
    process.stdout.write(`${lineOf(this.#state)}\n`);
  }

  leave() {}
}

module.exports = { Lines };
