// Assembles the page.

function fillSummary() {
  const palette = colors();
  recordings.forEach((recording, i) => {
    const { name, peaks, samples, started, exact, complete, time } = recording;
    const parts = peaks.map(
      ({ label: text, size: kib, elapsed, processes: count }) =>
        `${text.toLowerCase()} ${size(kib)} in ${count} processes at ${seconds(elapsed)}`,
    );
    if (exact !== undefined) parts.push(`${size(exact.peak)} by ${exact.source ?? exact.by}`);
    const cut = complete ? '' : '; the recording is incomplete';
    const when = new Date(time).toLocaleString();
    const line = `${name}, ${when}: ${parts.join('; ')}; ${started} processes, ${samples} samples${cut}`;
    const item = make('li', line);
    if (comparing) item.prepend(swatchOf(palette[i % palette.length]));
    element('summary').append(item);
  });
}

for (const { key, label: text } of recordings[0].metrics) {
  const button = make('button', text, { type: 'button' });
  button.dataset.key = key;
  button.addEventListener('click', () => setMetric(key));
  element('metrics').append(button);
}
element('zoom').addEventListener('click', wholeCourse);

function setTheme(dark) {
  root.dataset.theme = dark ? 'dark' : 'light';
  element('theme').textContent = dark ? 'Light' : 'Dark';
  draw();
}
element('theme').addEventListener('click', () => setTheme(root.dataset.theme !== 'dark'));
addEventListener('resize', () =>
  plot.setSize({ width: container.clientWidth, height: plot.height }),
);

fillSummary();
setTheme(matchMedia('(prefers-color-scheme: dark)').matches);
