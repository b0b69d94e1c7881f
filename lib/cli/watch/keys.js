'use strict';

// Handles keys.

const { SORTS } = require('./columns');

const PAGE = 10;

function sortByNext(state) {
  const sorts = SORTS.filter((sort) => sort !== 'footprint' || state.footprint);
  state.sort = sorts[(sorts.indexOf(state.sort) + 1) % sorts.length];
}

function toggleFootprint(state) {
  state.footprint = !state.footprint;
  if (!state.footprint && state.sort === 'footprint') state.sort = 'private';
}

const scrollBy = (rows) => (state) => {
  state.scroll += rows;
};

/** Actions by character or key name. */
const ACTIONS = new Map([
  ['q', () => process.exit()],
  [' ', (state) => state.pause()],
  ['s', sortByNext],
  ['t', (state) => Object.assign(state, { tree: !state.tree })],
  ['f', toggleFootprint],
  ['/', (state) => Object.assign(state, { filtering: true })],
  ['escape', (state) => Object.assign(state, { filter: '' })],
  ['up', scrollBy(-1)],
  ['down', scrollBy(1)],
  ['pageup', scrollBy(-PAGE)],
  ['pagedown', scrollBy(PAGE)],
  ['home', scrollBy(Number.NEGATIVE_INFINITY)],
  ['end', scrollBy(Number.POSITIVE_INFINITY)],
]);

/** Handles a key while the filter is being edited. */
function edit(state, character, { name, ctrl, meta }) {
  if (name === 'return' || name === 'enter') state.filtering = false;
  else if (name === 'escape') Object.assign(state, { filtering: false, filter: '' });
  else if (name === 'backspace') state.filter = Array.from(state.filter).slice(0, -1).join('');
  else if (ctrl && name === 'u') state.filter = '';
  else if (character !== undefined && !ctrl && !meta) state.filter += character;
}

/** Handles a key, as named by node:readline. */
function press(state, character, key) {
  if (state.filtering) edit(state, character, key);
  else if (!key.ctrl) (ACTIONS.get(character) ?? ACTIONS.get(key.name))?.(state);
}

module.exports = { press };
