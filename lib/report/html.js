'use strict';

// One file that opens offline. Its content security policy allows only the embedded scripts and styles, and no requests.

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

// Concatenated in this order into one scope.
const PAGE = ['text.js', 'layers.js', 'chart.js', 'table.js', 'main.js'];

const read = (name) => fs.readFileSync(path.join(__dirname, name), 'utf8');

const escapeText = (text) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** JSON that cannot close the surrounding element. */
const embed = (data) => JSON.stringify(data).replace(/</g, '\\u003c');

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const titleOf = (recordings) =>
  recordings.length === 1
    ? `Memory of ${recordings[0].command.join(' ')}`
    : recordings.map(({ name }) => name).join(' and ');

/** The page for one or more recordings, as returned by series.js. */
function toHtml(recordings) {
  const title = titleOf(recordings);
  const style = read('vendor/uPlot.min.css') + read('page/page.css');
  const page = PAGE.map((name) => read(`page/${name}`)).join('\n');
  const scripts = [read('vendor/uPlot.iife.min.js'), `(() => {\n'use strict';\n${page}})();\n`];
  const policy = [
    "default-src 'none'",
    `style-src ${hash(style)}`,
    `script-src ${scripts.map(hash).join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${escapeText(title)}</title>
<style>${style}</style>
</head>
<body>
${read('page/page.html').replace('<h1>Memory</h1>', () => `<h1>${escapeText(title)}</h1>`)}
<script type="application/json" id="data">${embed(recordings)}</script>
${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`;
}

/** The page for a command that ended before it could be sampled. */
const withoutSample = ({ command }, text) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escapeText(titleOf([{ command }]))}</title>
<p>${escapeText(text)}</p>
</html>
`;

module.exports = { toHtml, withoutSample };
