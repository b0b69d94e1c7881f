'use strict';

// Run before packing: copies what bin/build.js builds from to source/. The package must have no binding.gyp at its top:
// npm would compile it at each installation.

const fs = require('node:fs');
const path = require('node:path');

const { devDependencies } = require('../package.json');

const ROOT = path.join(__dirname, '..');
const SOURCE = path.join(ROOT, 'source');
const TOOLS = ['node-addon-api', 'node-gyp'];

fs.rmSync(SOURCE, { recursive: true, force: true });
for (const part of ['binding.gyp', 'core.gypi', 'src'])
  fs.cpSync(path.join(ROOT, part), path.join(SOURCE, part), { recursive: true });

const tools = Object.fromEntries(TOOLS.map((name) => [name, devDependencies[name]]));
fs.writeFileSync(
  path.join(SOURCE, 'package.json'),
  `${JSON.stringify({ private: true, gypfile: false, dependencies: tools }, undefined, 2)}\n`,
);
