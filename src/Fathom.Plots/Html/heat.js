
// ---- heat maps and facets ----
const rowLabel = (map, i) => map.row_labels.length ? map.row_labels[i] : String(i);
const columnLabel = (map, j) => map.column_labels.length ? map.column_labels[j] : String(j);

const cellLines = (map, i, j, facet) => {
  const value = number(map.values[i][j]);
  const noise = map.noise_floor !== undefined && Number.isFinite(value) && Math.abs(value - (map.baseline ?? map.center)) <= map.noise_floor;
  const lines = [
    [map.row_title || 'Row', visible(rowLabel(map, i))],
    [map.column_title || 'Column', visible(columnLabel(map, j))],
    [map.value_title || 'Value', short(value, map.decimals) + (noise ? ' (within the noise floor)' : ''), true],
  ];
  if (facet) lines.unshift(['', visible(facet)]);
  if (map.hover_text.length) lines.push(...map.hover_text[i * map.values[0].length + j].split('\n').map(line => ['', visible(line)]));
  return lines;
};

views['heat-map'] = {
  start: (figure, map, hit, facet) => {
    const rows = map.values.length, columns = map.values[0].length;
    const shown = i => map.first_row_at_bottom ? rows - 1 - i : i;
    const cursor = shape(hit, 'rect', 'fathom-cursor');
    const [x, y, width, height] = ['x', 'y', 'width', 'height'].map(a => +hit.getAttribute(a));
    // Positions are [row, column] counted from the top of the picture.
    explore(hit, {
      first: [0, 0],
      find: (fx, fy) => [clamp(Math.floor(fy * rows), rows), clamp(Math.floor(fx * columns), columns)],
      step: ([i, j], key) => {
        const to = {
          ArrowUp: [i - 1, j], ArrowDown: [i + 1, j], ArrowLeft: [i, j - 1], ArrowRight: [i, j + 1],
          Home: [i, 0], End: [i, columns - 1], PageUp: [0, j], PageDown: [rows - 1, j],
        }[key];
        return [clamp(to[0], rows), clamp(to[1], columns)];
      },
      show: ([i, j]) => {
        place(cursor, { x: x + j * width / columns, y: y + i * height / rows, width: width / columns, height: height / rows });
        const value = number(map.values[shown(i)][j]);
        figure.dispatchEvent(new CustomEvent('fathom:cell', { bubbles: true, detail: { row: shown(i), column: j, value, facet } }));
        return { lines: cellLines(map, shown(i), j, facet), fx: (j + 1) / columns, fy: (i + 1) / rows };
      },
      leave: () => cursor.setAttribute('visibility', 'hidden'),
    });
  },
  rows: map => [
    [map.row_title || 'row', map.column_title || 'column', map.value_title || 'value'],
    ...map.values.flatMap((row, i) => row.map((value, j) => [rowLabel(map, i), columnLabel(map, j), number(value)])),
  ],
};

views['small-multiples'] = {
  start: (figure, spec, hit) => {
    const panel = spec.panels[+hit.dataset.panel];
    views[panel.kind].start(figure, panel, hit, panel.title);
  },
  rows: spec => spec.panels.flatMap((panel, p) => views[panel.kind].rows(panel).slice(p ? 1 : 0).map((row, r) => [r || p ? panel.title || '' : 'panel', ...row])),
};
