// The chart, its tooltip, and the keyboard.

let metricKey = recordings[0].metrics[0].key;
let plot;
let drawn;
let position = 0; // the sample selected by keyboard

/** Triangles below the chart for processes that started or exited during the recording. */
function drawMarkers(u) {
  const { ctx, bbox } = u;
  const reach = 5 * devicePixelRatio;
  const triangle = (ms, tip, foot, color) => {
    const x = u.valToPos(ms / 1000, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) return;
    ctx.fillStyle = color;
    ctx.beginPath();
    ctx.moveTo(x, tip);
    ctx.lineTo(x - reach, foot);
    ctx.lineTo(x + reach, foot);
    ctx.fill();
  };
  const bottom = bbox.top + bbox.height;
  const color = new Map(drawn.layers.map((layer) => [layer.process, layer.color]));
  ctx.save();
  for (const process of drawn.markers) {
    const own = color.get(process) ?? style('--others');
    triangle(process.first, bottom - 2 * reach, bottom, own);
    if (process.exited) triangle(process.last, bottom, bottom - 2 * reach, own);
  }
  ctx.restore();
}

function options() {
  const axis = { stroke: style('--faint'), grid: { stroke: style('--line'), width: 1 } };
  return {
    width: container.clientWidth,
    height: Math.max(260, Math.min(520, innerHeight * 0.55)),
    scales: { x: { time: false }, y: { range: (_u, _min, max) => [0, (max || 1) * 1.05] } },
    axes: [
      { ...axis, values: (_u, ticks) => ticks.map((tick) => `${tick} s`) },
      { ...axis, size: 80, incrs: POWERS_OF_TWO, values: (_u, ticks) => ticks.map(size) },
    ],
    series: [
      {},
      ...drawn.series.map(({ label: text, color, fill, width = 1, dash, spanGaps }) => ({
        label: text,
        stroke: color,
        fill,
        width,
        dash,
        spanGaps,
        points: { show: false },
      })),
    ],
    legend: { show: false },
    cursor: { drag: { x: true, y: false } },
    hooks: {
      draw: [drawMarkers],
      setCursor: [hover],
      setScale: [
        (u, key) => key === 'x' && element('zoom').toggleAttribute('disabled', isWhole(u)),
      ],
    },
  };
}

const isWhole = (u) =>
  u.scales.x.min <= drawn.times[0] && u.scales.x.max >= drawn.times[drawn.times.length - 1];

function draw() {
  plot?.destroy();
  const [recording] = recordings;
  drawn = comparing
    ? together(metricKey)
    : single(
        recording,
        recording.metrics.find(({ key }) => key === metricKey),
      );
  plot = new uPlot(options(), [drawn.times, ...drawn.series.map(({ sums }) => sums)], container);
  for (const button of element('metrics').children)
    button.setAttribute('aria-pressed', String(button.dataset.key === metricKey));
  container.setAttribute('aria-label', `Chart of ${metricName()} over time`);
  container.setAttribute('aria-valuemax', String(drawn.times.length - 1));
  position = Math.min(position, drawn.times.length - 1);
  fillTable();
}

function setMetric(key) {
  metricKey = key;
  draw();
}

const metricName = () =>
  recordings[0].metrics.find(({ key }) => key === metricKey).label.toLowerCase();

/** The layer at a height; the top layer if above all. */
function layerAt(index, kib) {
  let sum = 0;
  for (const layer of drawn.layers) {
    sum += layer.values[index] ?? 0;
    if (kib <= sum) return layer;
  }
  return undefined;
}

function figuresAt(process, index) {
  const [recording] = recordings;
  const at = recording.processes.indexOf(process);
  return recording.metrics
    .map((metric) => [metric, metric.layers.find((layer) => layer.process === at)])
    .filter(([, layer]) => layer !== undefined)
    .map(([metric, layer]) => `${metric.label}: ${size(layer.values[index])}`);
}

/** The latest value at a time, because recordings have different sample times; none after the end. */
function lastKnown(values, index) {
  if (values.slice(index).every((value) => value === null || value === undefined)) return undefined;
  for (let i = index; i >= 0; i--)
    if (values[i] !== null && values[i] !== undefined) return values[i];
  return undefined;
}

/** The lines of the tooltip for a time and a layer. */
function describe(index, layer) {
  const lines = [seconds(drawn.times[index] * 1000)];
  if (comparing) {
    for (const { label: text, values } of drawn.layers)
      lines.push(`${text}: ${size(lastKnown(values, index))}`);
    return lines;
  }
  if (layer !== undefined) {
    lines.push(layer.label);
    lines.push(
      ...(layer.process === undefined
        ? [`${metricName()}: ${size(layer.values[index])}`]
        : figuresAt(layer.process, index)),
    );
  }
  const total = recordings[0].metrics.find(({ key }) => key === metricKey).total[index];
  lines.push(`Total: ${size(total)}`);
  return lines;
}

function hover(u) {
  const { idx, left, top } = u.cursor;
  const tooltip = element('tooltip');
  tooltip.hidden = idx === null || idx === undefined || left < 0;
  if (tooltip.hidden) return;
  const layer = comparing ? undefined : layerAt(idx, u.posToVal(top, 'y'));
  tooltip.textContent = describe(idx, layer).join('\n');
  const beside = left > u.over.clientWidth / 2 ? left - tooltip.offsetWidth - 12 : left + 12;
  tooltip.style.left = `${u.over.offsetLeft + beside}px`;
  tooltip.style.top = `${u.over.offsetTop + Math.max(0, Math.min(top, u.over.clientHeight - tooltip.offsetHeight))}px`;
}

function say(index) {
  const largest = drawn.layers.reduce(
    (a, b) => ((b.values[index] ?? -1) > (a?.values[index] ?? -1) ? b : a),
    undefined,
  );
  container.setAttribute('aria-valuenow', String(index));
  container.setAttribute('aria-valuetext', describe(index, largest).join(', '));
  plot.setCursor({ left: plot.valToPos(drawn.times[index], 'x'), top: 10 });
}

function zoom(factor) {
  const { min, max } = plot.scales.x;
  const half = ((max - min) * factor) / 2;
  const middle = drawn.times[position];
  const first = drawn.times[0];
  const last = drawn.times[drawn.times.length - 1];
  plot.setScale('x', { min: Math.max(first, middle - half), max: Math.min(last, middle + half) });
}

function wholeCourse() {
  plot.setScale('x', { min: drawn.times[0], max: drawn.times[drawn.times.length - 1] });
}

const steps = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -10,
  PageDown: 10,
  Home: -Infinity,
  End: Infinity,
};

container.addEventListener('keydown', (event) => {
  if (event.key in steps) {
    position = Math.min(drawn.times.length - 1, Math.max(0, position + steps[event.key]));
    say(position);
  } else if (event.key === '+' || event.key === '=') zoom(0.5);
  else if (event.key === '-' || event.key === '−') zoom(2);
  else if (event.key === 'Escape') wholeCourse();
  else return;
  event.preventDefault();
});
