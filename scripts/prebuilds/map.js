#!/usr/bin/env node
'use strict';

// Writes lib/prebuilds.js.

const fs = require('node:fs');
const path = require('node:path');

const { targets } = require('./targets');

const FILE = path.join(__dirname, '../../lib/prebuilds.js');

const map = () => `'use strict';

// Written by scripts/prebuilds/map.js. Bundlers and tracers find a file by a literal path in a call of require().

const prebuilds = {
  __proto__: null,
${Object.keys(targets)
  .map((name) => `  '${name}': () => require('../prebuilds/${name}.node'),\n`)
  .join('')}};

/** Whether it is this package's addon, and not another's that has its name. */
const isAddon = (value) =>
  ['readMemory', 'readTree', 'openHandle'].every((name) => typeof value?.[name] === 'function');

module.exports = { isAddon, prebuilds };
`;

if (require.main === module) fs.writeFileSync(FILE, map());

module.exports = { FILE, map };
