// node bench/report.js: writes the results of results.json into docs/performance.md, between its two marks, and draws
// docs/performance.svg.

const fs = require('node:fs');
const path = require('node:path');

const { HEAD, boundValues, cells, holds } = require('./text');

const DOCS = path.join(__dirname, '../docs');
const PAGE = path.join(DOCS, 'performance.md');
const [BEGIN, END] = ['<!-- results -->', '<!-- end of results -->'];

/** The questions to draw, with the contestants that answer them completely. */
const DRAWN = [
  'One other process',
  'The own process',
  'A batch of 1000, for each pid',
  'A tree of 20 with its memory, among 500 others',
];

const line = (row) => `| ${row.join(' | ')} |`;
const code = (name) => (/[()]/.test(name) ? `\`${name}\`` : name);

function table(head, rows) {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map(line).join('\n');
}

function boundTable(questions) {
  const rows = questions
    .flatMap(({ bounds }) => bounds)
    .map((bound) => {
      const [value, most] = boundValues(bound);
      return [bound.what, value, most, holds(bound) ? 'holds' : '**does not hold**'];
    });
  return table(['', 'measured', 'at most', ''], rows);
}

function section({ title, rows }) {
  const body = rows.map((row) => {
    const [name, ...others] = cells(row);
    return [code(name), ...others];
  });
  return `### ${title}\n\n${table(HEAD, body)}`;
}

function text({ machine, questions }) {
  const { system, processors, node, peers } = machine;
  return [
    `Measured on ${system}, ${processors}, with Node.js ${node}, beside:\n${peers.join(', ')}.`,
    boundTable(questions),
    ...questions.filter(({ rows }) => rows.length > 0).map(section),
  ].join('\n\n');
}

async function draw({ questions }) {
  const vega = await import('vega');
  const { compile } = await import('vega-lite');
  const values = DRAWN.flatMap((title) =>
    questions
      .find((question) => question.title === title)
      .rows.map(({ name, nanoseconds, spread }, order) => ({
        title,
        name,
        order,
        who: /^bare/.test(name)
          ? 'bare system calls'
          : isOurs(name)
            ? 'process-memory-info'
            : 'others',
        micro: nanoseconds / 1000,
        least: spread[0] / 1000,
        most: spread[1] / 1000,
      })),
  );
  const y = {
    field: 'name',
    type: 'nominal',
    sort: { field: 'order' },
    axis: { title: null, labelLimit: 0, grid: true },
  };
  const x = {
    type: 'quantitative',
    scale: { type: 'log' },
    axis: {
      title: 'µs, median and spread',
      values: [1, 10, 100, 1e3, 1e4, 1e5, 1e6],
      format: ',d',
    },
  };
  const color = {
    field: 'who',
    type: 'nominal',
    legend: { title: null, orient: 'top' },
    scale: {
      domain: ['process-memory-info', 'bare system calls', 'others'],
      range: ['#1f77b4', '#555555', '#d6812b'],
    },
  };
  const chart = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    data: { values },
    facet: {
      row: {
        field: 'title',
        type: 'nominal',
        sort: DRAWN,
        header: {
          title: null,
          labelAngle: 0,
          labelOrient: 'top',
          labelAnchor: 'start',
          labelFontWeight: 'bold',
        },
      },
    },
    spec: {
      width: 420,
      height: { step: 20 },
      layer: [
        {
          mark: 'rule',
          encoding: { y, x: { ...x, field: 'least' }, x2: { field: 'most' }, color },
        },
        {
          mark: { type: 'point', filled: true, size: 70, opacity: 1 },
          encoding: { y, x: { ...x, field: 'micro' }, color },
        },
      ],
    },
    resolve: { scale: { y: 'independent', x: 'shared' } },
  };
  const logger = {
    level: () => logger,
    info: () => logger,
    warn: () => logger,
    error: console.error,
  };
  const { spec } = compile(chart, { logger });
  return new vega.View(vega.parse(spec), { renderer: 'none' }).toSVG();
}

const isOurs = (name) => /(^|\.| )get(Memory|Tree)|promise form/.test(name);

async function main() {
  const results = JSON.parse(fs.readFileSync(path.join(__dirname, 'results.json'), 'utf8'));
  const page = fs.readFileSync(PAGE, 'utf8');
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (before === -1 || after < before) throw new Error(`${PAGE} has no place for the results`);
  const written = `${page.slice(0, before + BEGIN.length)}\n\n${text(results)}\n\n${page.slice(after)}`;
  fs.writeFileSync(PAGE, written);
  fs.writeFileSync(path.join(DOCS, 'performance.svg'), `${await draw(results)}\n`);
}

main();
