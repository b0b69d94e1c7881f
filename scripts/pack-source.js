'use strict';

// Before packing: gathers under source/ what bin/build.js builds from. A binding.gyp at the top of an installed
// package makes npm compile it at each installation, so that is where it must not be.

const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const SOURCE = path.join(ROOT, 'source');
const HEADERS = ['LICENSE.md', 'index.js', 'napi-inl.h', 'napi.h', 'package.json'];

function copy(from, to) {
  fs.cpSync(path.join(ROOT, from), path.join(SOURCE, to), { recursive: true });
}

fs.rmSync(SOURCE, { recursive: true, force: true });
for (const part of ['binding.gyp', 'core.gypi', 'src']) copy(part, part);
for (const file of HEADERS)
  copy(`node_modules/node-addon-api/${file}`, `vendor/node-addon-api/${file}`);
