// Shared by all parts of the page: the recordings that html.js embeds, and formatting. Names come from other programs,
// so they are only ever set as text, never as HTML.

const recordings = JSON.parse(document.getElementById('data').textContent);
const element = (id) => document.getElementById(id);
const root = document.documentElement;
const container = element('chart');
const comparing = recordings.length > 1;

const style = (name) => getComputedStyle(root).getPropertyValue(name).trim();

function size(kib) {
  if (kib === undefined || kib === null) return '–';
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = kib;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

const seconds = (ms) => (ms === undefined ? '–' : `${(ms / 1000).toFixed(ms < 1e5 ? 2 : 0)} s`);

function make(tag, text, properties = {}) {
  const made = Object.assign(document.createElement(tag), properties);
  if (text !== undefined) made.textContent = text;
  return made;
}

function swatchOf(color) {
  const swatch = make('span', undefined, { className: 'swatch' });
  swatch.style.background = color;
  return swatch;
}

const label = ({ name, pid }) => `${name} (${pid})`;
const colors = () => style('--palette').split(/\s+/);
