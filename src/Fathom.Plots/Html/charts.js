
// ---- lines, points, bars, histograms ----
const xOf = (series, i) => series.x.length ? number(series.x[i]) : i;
const xText = (spec, series, i) => spec.x_labels && spec.x_labels.length ? visible(spec.x_labels[xOf(series, i)]) : short(xOf(series, i));
const categoryOf = (spec, i) => spec.categories.length ? spec.categories[i] : String(i);

const pointLines = (spec, s, i, facet, x) => {
  const series = spec.series[s];
  const lines = [];
  if (facet) lines.push(['', visible(facet)]);
  if (series.name) lines.push(['', visible(series.name)]);
  if (series.point_names.length) lines.push(['', visible(series.point_names[i])]);
  lines.push([spec.x_title || 'x', x], [spec.y_title || 'y', short(number(series.y[i]), spec.decimals), true]);
  return lines;
};

// The fraction of the plot at which a value stands, given the ends that the picture was drawn with.
const scaleOf = (hit, axis) => {
  const [low, high, log] = [+hit.dataset[axis + '0'], +hit.dataset[axis + '1'], hit.dataset.log.includes(axis)];
  return log ? value => Math.log(value / low) / Math.log(high / low) : value => (value - low) / (high - low);
};

const points = {
  start: (figure, spec, hit, facet) => {
    const [toX, toY] = [scaleOf(hit, 'x'), scaleOf(hit, 'y')];
    const [x, y, width, height] = ['x', 'y', 'width', 'height'].map(a => +hit.getAttribute(a));
    const places = spec.series.map(series => series.y.map((value, i) => [toX(xOf(series, i)), 1 - toY(number(value))]));
    const exists = (s, i) => places[s][i] && places[s][i].every(Number.isFinite);
    const cursor = shape(hit, 'circle', 'fathom-point');
    explore(hit, {
      first: [0, 0],
      find: (fx, fy) => {
        let best = null, least = Infinity;
        places.forEach((series, s) => series.forEach(([px, py], i) => {
          // On a line the nearest x counts first: the eye reads along it.
          const distance = Math.hypot((px - fx) * width, (py - fy) * height * (spec.kind === 'line-chart' ? 0.35 : 1));
          if (distance < least) [best, least] = [[s, i], distance];
        }));
        return best;
      },
      step: ([s, i], key) => {
        const last = spec.series[s].y.length - 1;
        if (key === 'ArrowUp' || key === 'ArrowDown') {
          const to = clamp(s + (key === 'ArrowDown' ? 1 : -1), spec.series.length);
          return [to, clamp(i, spec.series[to].y.length)];
        }
        if (key === 'Home' || key === 'End') return [s, key === 'Home' ? 0 : last];
        const by = key === 'ArrowLeft' || key === 'PageUp' ? -1 : 1;
        let to = i + by * (key.startsWith('Page') ? 10 : 1);
        while (to > 0 && to < last && !exists(s, to)) to += by;
        return [s, clamp(to, last + 1)];
      },
      show: ([s, i]) => {
        if (!exists(s, i)) return null;
        const [px, py] = places[s][i];
        place(cursor, { cx: x + px * width, cy: y + py * height, r: 5.5 });
        return { lines: pointLines(spec, s, i, facet, xText(spec, spec.series[s], i)), fx: px, fy: py };
      },
      leave: () => cursor.setAttribute('visibility', 'hidden'),
    });
  },
};
views['line-chart'] = {
  ...points,
  rows: spec => [['series', spec.x_title || 'x', spec.y_title || 'y'], ...spec.series.flatMap(s => s.y.map((y, i) => [s.name, spec.x_labels.length ? spec.x_labels[xOf(s, i)] : xOf(s, i), number(y)]))],
};
views['scatter-plot'] = {
  ...points,
  rows: spec => [['series', 'name', spec.x_title || 'x', spec.y_title || 'y'], ...spec.series.flatMap(s => s.y.map((y, i) => [s.name, s.point_names.length ? s.point_names[i] : '', xOf(s, i), number(y)]))],
};

// Bands of equal width, each with one value per series.
const bands = (hit, count, series, lines) => {
  const upright = hit.dataset.bands === 'x';
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map(a => +hit.getAttribute(a));
  const cursor = shape(hit, 'rect', 'fathom-band');
  explore(hit, {
    first: [0, 0],
    find: (fx, fy) => {
      const along = (upright ? fx : fy) * count;
      return [clamp(Math.floor(along), count), clamp(Math.floor((along % 1) * series), series)];
    },
    step: ([i, s], key) => {
      if (key === 'Home' || key === 'End') return [key === 'Home' ? 0 : count - 1, s];
      const across = upright ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight'];
      if (across.includes(key)) return [i, clamp(s + (key === across[1] ? 1 : -1), series)];
      return [clamp(i + (key === 'ArrowLeft' || key === 'ArrowUp' || key === 'PageUp' ? -1 : 1), count), s];
    },
    show: ([i, s]) => {
      const [start, size] = [i / count, 1 / count];
      place(cursor, upright ? { x: x + start * width, y, width: size * width, height } : { x, y: y + start * height, width, height: size * height });
      return { lines: lines(i, s), fx: upright ? (i + 0.8) / count : 0.5, fy: upright ? 0.3 : (i + 0.8) / count };
    },
    leave: () => cursor.setAttribute('visibility', 'hidden'),
  });
};
views['bar-chart'] = {
  start: (figure, spec, hit, facet) => bands(hit, spec.series[0].y.length, spec.series.length, (i, s) => pointLines(spec, s, i, facet, visible(categoryOf(spec, i)))),
  rows: spec => [['series', spec.x_title || 'category', spec.y_title || 'value'], ...spec.series.flatMap(s => s.y.map((y, i) => [s.name, categoryOf(spec, i), number(y)]))],
};
views.histogram = {
  start: (figure, spec, hit, facet) => {
    const [low, width, counts] = [+hit.dataset.low, +hit.dataset.width, hit.dataset.counts.split(' ').map(Number)];
    bands(hit, counts.length, 1, i => [
      ...(facet ? [['', visible(facet)]] : []),
      [spec.x_title || 'Value', short(low + i * width) + ' to ' + short(low + (i + 1) * width)],
      [spec.y_title || 'Count', String(counts[i]), true],
    ]);
  },
  rows: spec => [[spec.x_title || 'value'], ...spec.values.map(v => [number(v)])],
};
