'use strict';

// The API in its two forms, in one shape, so that every fact is tested of both.

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
