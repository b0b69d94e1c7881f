'use strict';

// What `npm pack --json` says: what prepack prints comes first, then an array or, from npm 12 on, an object by name.

exports.readPacked = (output) => {
  const packages = JSON.parse(output.slice(output.search(/^[[{]$/m)));
  return Array.isArray(packages) ? packages[0] : Object.values(packages)[0];
};
