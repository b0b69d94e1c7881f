// The layers of the chart: the areas of one recording, or the totals of several.

/** A line or area of the chart; `values` are sizes in KiB, one per sample. */
function layersOf(metric, processes) {
  const palette = colors();
  const layers = metric.layers.map(({ process, values }, i) => ({
    label: label(processes[process]),
    process: processes[process],
    values,
    color: palette[i % palette.length],
  }));
  if (metric.others.some((value) => value > 0))
    layers.push({ label: 'others', values: metric.others, color: style('--others') });
  return layers;
}

/** Stacks the layers; the last sum is the total. */
function stacked(layers, length) {
  const below = Array(length).fill(0);
  return layers.map(({ values }) =>
    values.map((value, i) => {
      below[i] += value ?? 0;
      return below[i];
    }),
  );
}

// Gives the axis round numbers in MiB and GiB.
const POWERS_OF_TWO = Array.from({ length: 48 }, (_, exponent) => 2 ** exponent);

const constant = (value, { length }) => Array(length).fill(value);

// With more markers than this, only processes with a layer get them.
const MAX_MARKED = 100;

function markedProcesses({ processes }, layers) {
  if (processes.length <= MAX_MARKED) return processes;
  return layers.map(({ process }) => process).filter((process) => process !== undefined);
}

/** The areas of one recording, its total, and its limit and peak lines. */
function single(recording, metric) {
  const times = recording.elapsed.map((ms) => ms / 1000);
  const layers = layersOf(metric, recording.processes);
  const sums = stacked(layers, times.length);
  // The highest comes first; lower areas are painted over it.
  const areas = layers
    .map((layer, i) => ({ ...layer, sums: sums[i], fill: layer.color }))
    .reverse();
  const lines = [{ label: 'total', color: style('--total'), sums: metric.total, width: 2 }];
  if (recording.limit !== undefined)
    lines.push({
      label: 'limit',
      color: style('--limit'),
      sums: constant(recording.limit, times),
      dash: [8, 4],
    });
  const peak = recording.exact?.peak ?? recording.peaks.find(({ key }) => key === metric.key).size;
  lines.push({
    label: recording.exact === undefined ? 'peak' : `peak by ${recording.exact.by}`,
    color: style('--faint'),
    sums: constant(peak, times),
    dash: [3, 3],
  });
  const markers = markedProcesses(recording, layers);
  return { times, layers, series: [...areas, ...lines], markers };
}

/** The totals of several recordings over one another. */
function together(metricKey) {
  const palette = colors();
  const tables = recordings.map((recording) => {
    const metric = recording.metrics.find(({ key }) => key === metricKey);
    const times = recording.elapsed.map((ms) => ms / 1000);
    return [times, metric?.total ?? constant(null, times)];
  });
  const [times, ...totals] = uPlot.join(tables);
  const series = totals.map((sums, i) => ({
    label: recordings[i].name,
    color: palette[i % palette.length],
    sums,
    width: 2,
    spanGaps: true,
  }));
  return {
    times,
    layers: series.map((one) => ({ ...one, values: one.sums })),
    series,
    markers: [],
  };
}
