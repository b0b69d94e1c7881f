'use strict';

// Both forms of the API with one interface, so that every test covers both.

const memory = require('../..');

function asPromises(functions) {
  return Object.fromEntries(
    Object.entries(functions)
      .filter(([, member]) => typeof member === 'function')
      .map(([name, member]) => [name, async (...args) => member(...args)]),
  );
}

exports.forms = [
  { form: 'sync', api: asPromises(memory) },
  { form: 'promises', api: memory.promises },
];
