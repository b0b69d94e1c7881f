// The table of processes, or of programs when recordings are compared.

const COLUMNS = [
  { title: 'PID', of: ({ pid }) => pid },
  { title: 'Name', of: ({ name }) => name, text: true },
  { title: 'Private', of: (process) => process.private, show: size },
  { title: 'Working set', of: (process) => process.workingSet, show: size },
  { title: 'Footprint', of: ({ footprint }) => footprint, show: size },
  { title: 'Peak', of: ({ kernelPeak }) => kernelPeak, show: size },
  { title: 'First seen', of: ({ first }) => first, show: seconds },
  { title: 'Last seen', of: ({ last }) => last, show: seconds },
];

/** Programs by name, with the largest value of any one process in each recording. */
function programs() {
  const byName = new Map();
  recordings.forEach(({ processes }, i) => {
    for (const process of processes) {
      const row = byName.get(process.name) ?? { name: process.name, sizes: [] };
      const figure = process[metricKey];
      if (figure !== undefined) row.sizes[i] = Math.max(row.sizes[i] ?? 0, figure);
      byName.set(process.name, row);
    }
  });
  return Array.from(byName.values());
}

function comparisonColumns() {
  const difference = ({ sizes }) =>
    sizes[0] === undefined || sizes[1] === undefined ? undefined : sizes[1] - sizes[0];
  return [
    { title: 'Name', of: ({ name }) => name, text: true },
    ...recordings.map(({ name }, i) => ({
      title: name,
      of: ({ sizes }) => sizes[i],
      show: size,
    })),
    {
      title: 'Change',
      of: difference,
      show: (kib) => (kib === undefined ? '–' : `${kib < 0 ? '−' : '+'}${size(Math.abs(kib))}`),
    },
  ];
}

let sorting = { column: comparing ? 1 : 2, descending: true };

function compare({ of }) {
  return (a, b) => {
    const [x, y] = [of(a), of(b)];
    if (x === undefined || y === undefined) return (x === undefined) - (y === undefined);
    const order = typeof x === 'string' ? x.localeCompare(y) : x - y;
    return sorting.descending ? -order : order;
  };
}

function headerOf(columns) {
  const row = make('tr');
  columns.forEach((column, i) => {
    const cell = make('th', undefined, { scope: 'col', className: column.text ? 'text' : '' });
    const button = make('button', column.title, { type: 'button' });
    if (i === sorting.column) {
      cell.setAttribute('aria-sort', sorting.descending ? 'descending' : 'ascending');
      button.textContent += sorting.descending ? ' ▾' : ' ▴';
    }
    button.addEventListener('click', () => {
      const descending = i === sorting.column ? !sorting.descending : !column.text;
      sorting = { column: i, descending };
      fillTable();
      element('table').querySelectorAll('th button')[i].focus();
    });
    cell.append(button);
    row.append(cell);
  });
  return row;
}

function rowOf(item, columns, color) {
  const row = make('tr');
  for (const { of, show, text } of columns) {
    const value = of(item);
    const cell = make('td', undefined, { className: text ? 'text' : '' });
    if (text && color !== undefined) cell.append(swatchOf(color));
    cell.append(show === undefined ? String(value) : show(value));
    row.append(cell);
  }
  return row;
}

const MAX_ROWS = 1000;

function fillTable() {
  const columns = comparing
    ? comparisonColumns()
    : COLUMNS.filter(({ of }) =>
        recordings[0].processes.some((process) => of(process) !== undefined),
      );
  const items = comparing ? programs() : Array.from(recordings[0].processes);
  const sorted = items.sort(compare(columns[sorting.column]));
  const color = new Map(drawn.layers.map((layer) => [layer.process, layer.color]));
  const table = element('table');
  const { started } = recordings[0];
  const rest = started > MAX_ROWS ? `, ${MAX_ROWS} of them` : '';
  table.querySelector('caption').textContent = comparing
    ? `Programs by the ${metricName()} of their largest process`
    : `${started} processes with their largest sizes${rest}`;
  table.querySelector('thead').replaceChildren(headerOf(columns));
  table
    .querySelector('tbody')
    .replaceChildren(
      ...sorted.slice(0, MAX_ROWS).map((item) => rowOf(item, columns, color.get(item))),
    );
}
