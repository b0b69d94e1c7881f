'use strict';

// A test runner such as jest loads this package into its own realm, and the addon into that of Node.js.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const { callsOfHandle, callsOfMachine, callsOfPids } = require('./helpers/everything');

const LIB = path.join(__dirname, '../lib');

/** Loads a file of lib/ into a realm, with its dependencies except the addon and Node's own modules. */
function loadInto(context, file, loaded = new Map()) {
  if (loaded.has(file)) return loaded.get(file).exports;
  const module = { exports: {} };
  loaded.set(file, module);
  const load = (name) => {
    if (!name.startsWith('.') || name === './binding')
      return require(name.replace('./', `${LIB}/`));
    return loadInto(context, require.resolve(path.join(path.dirname(file), name)), loaded);
  };
  const wrapped = `(function (module, exports, require, process) {${fs.readFileSync(file)}\n})`;
  vm.runInContext(wrapped, context)(module, module.exports, load, process);
  return module.exports;
}

function assertOfRealm(value, realm, where) {
  if (typeof value !== 'object' || value === null) return;
  const { prototype } = Array.isArray(value) ? realm.Array : realm.Object;
  assert.equal(Object.getPrototypeOf(value), prototype, where);
  for (const [key, item] of Object.entries(value)) assertOfRealm(item, realm, `${where}.${key}`);
}

describe('results', () => {
  it('are arrays and objects of the realm that this package was loaded into', async () => {
    const context = vm.createContext({ AbortSignal, DOMException, setTimeout, clearTimeout });
    const realm = vm.runInContext('({ Array, Object })', context);
    const memory = loadInto(context, path.join(LIB, 'index.js'));
    for (const api of [memory, memory.promises]) {
      const handle = await api.openProcess();
      const calls = [
        ...callsOfMachine(api),
        ...callsOfPids(api, process.pid, [process.pid]),
        ...callsOfHandle(handle),
      ].filter(([name]) => name !== 'getMemoryLimit' || process.platform === 'linux'); // ENOSYS
      for (const [name, ask] of calls) assertOfRealm(await ask(), realm, name);
      handle.close();
    }
  });
});
