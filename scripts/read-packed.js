'use strict';

// Parses the output of `npm pack --json`: first what prepack prints, then an array or, since npm 12, an object by name.

exports.readPacked = (output) => {
  const packages = JSON.parse(output.slice(output.search(/^[[{]$/m)));
  return Array.isArray(packages) ? packages[0] : Object.values(packages)[0];
};
