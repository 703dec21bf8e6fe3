
// The viewer of Fathom's figures: values under the pointer and the arrow keys, downloads, light and dark. It makes no request.
(() => {
  'use strict';
  if (window.fathom) { window.fathom.scan(); return; }
  const svgNs = 'http://www.w3.org/2000/svg';
  const views = {};

  const make = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  // What the eye cannot see, made visible; the same marks as in the saved pictures.
  const visible = text => Array.from(String(text), c => c === '\n' ? '↵' : c === '\r' ? '␍' : c === '\t' ? '⇥'
    : c < ' ' || c === '\x7f' ? '\\x' + c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')
    : /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/u.test(c) ? '\\u' + c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0') : c).join('');

  const number = value => value === null ? NaN : value === 'Infinity' ? Infinity : value === '-Infinity' ? -Infinity : value;
  const trim = text => text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
  const short = (value, decimals) => {
    if (!Number.isFinite(value)) return Number.isNaN(value) ? 'no value' : value > 0 ? '∞' : '-∞';
    if (decimals !== undefined && decimals !== null) return (Math.abs(+value.toFixed(decimals)) === 0 ? Math.abs(value) : value).toFixed(decimals);
    const size = Math.abs(value);
    if (size === 0) return '0';
    if (size < 1e-4 || size >= 1e7) {
      const [digits, exponent] = value.toExponential(3).split('e');
      return trim(digits) + 'e' + exponent;
    }
    return trim(value.toFixed(Math.min(8, Math.max(0, 3 - Math.floor(Math.log10(size))))));
  };

  let tip, say;
  const ready = () => {
    if (tip) return;
    const home = document.querySelector('.fathom');
    tip = make('dl', 'fathom-tip');
    tip.hidden = true;
    say = make('div', 'fathom-say');
    say.setAttribute('aria-live', 'polite');
    home.append(tip, say);
  };

  // Lines are [name, value, isMain?]; a line without a name spans the box.
  const showTip = (lines, x, y, spoken) => {
    tip.replaceChildren(...lines.flatMap(([name, value, main]) => {
      const detail = make('dd', main ? 'fathom-main' : name ? '' : 'fathom-wide', value);
      return name ? [make('dt', '', name), detail] : [detail];
    }));
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    const left = x + 14 + box.width > innerWidth ? x - 14 - box.width : x + 14;
    const top = y + 16 + box.height > innerHeight ? y - 12 - box.height : y + 16;
    tip.style.left = Math.max(4, left) + 'px';
    tip.style.top = Math.max(4, top) + 'px';
    if (spoken) say.textContent = lines.map(([name, value]) => name ? name + ' ' + value : value).join(', ');
  };
  const hideTip = () => { if (tip) tip.hidden = true; };

  const save = (name, type, text) => {
    const link = make('a');
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const quote = value => typeof value === 'string' && /[",\r\n]|^ | $/.test(value) ? '"' + value.replaceAll('"', '""') + '"' : String(value);
  const toCsv = rows => rows.map(row => row.map(quote).join(',') + '\n').join('');

  const tools = (figure, spec, json) => {
    const bar = make('div', 'fathom-tools');
    const name = (spec.title || spec.kind).replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '').toLowerCase() || 'figure';
    const button = (text, hint, action) => {
      const b = make('button', '', text);
      b.type = 'button';
      b.title = hint;
      b.setAttribute('aria-label', hint);
      b.onclick = action;
      bar.append(b);
    };
    const svg = figure.querySelector('.fathom-svg');
    if (svg) button('SVG', 'Save the picture as SVG', () => save(name + '.svg', 'image/svg+xml', new XMLSerializer().serializeToString(svg)));
    if (views[spec.kind] && views[spec.kind].rows) button('CSV', 'Save the numbers as CSV', () => save(name + '.csv', 'text/csv', toCsv(views[spec.kind].rows(spec))));
    button('JSON', 'Save the figure as JSON', () => save(name + '.json', 'application/json', json));
    figure.append(bar);
  };

  // ---- heat maps ----------------------------------------------------------------------------------------------------
  const rowLabel = (map, i) => map.row_labels && map.row_labels.length ? map.row_labels[i] : String(i);
  const columnLabel = (map, j) => map.column_labels && map.column_labels.length ? map.column_labels[j] : String(j);
  const cellLines = (map, i, j, facet) => {
    const value = number(map.values[i][j]);
    const noise = map.noise_floor !== undefined && Number.isFinite(value) && Math.abs(value - (map.baseline ?? map.center)) < map.noise_floor;
    const lines = [
      [map.row_title || 'Row', visible(rowLabel(map, i))],
      [map.column_title || 'Column', visible(columnLabel(map, j))],
      [map.value_title || 'Value', short(value, map.decimals) + (noise ? ' (within the noise floor)' : ''), true],
    ];
    if (facet) lines.unshift(['', visible(facet)]);
    if (map.hover_text && map.hover_text.length) lines.push(['', map.hover_text[i * map.values[0].length + j]]);
    return lines;
  };

  const heat = (figure, hit, map, facet) => {
    const rows = map.values.length, columns = map.values[0].length;
    const shown = i => map.first_row_at_bottom ? rows - 1 - i : i;
    const cursor = document.createElementNS(svgNs, 'rect');
    cursor.setAttribute('class', 'fathom-cursor');
    cursor.setAttribute('visibility', 'hidden');
    hit.after(cursor);
    const box = ['x', 'y', 'width', 'height'].map(a => +hit.getAttribute(a));
    const cell = [box[2] / columns, box[3] / rows];
    let at = null;
    // i counts from the top of the picture.
    const go = (i, j, x, y, spoken) => {
      at = [i, j];
      for (const [a, v] of [['x', box[0] + j * cell[0]], ['y', box[1] + i * cell[1]], ['width', cell[0]], ['height', cell[1]]]) cursor.setAttribute(a, v);
      cursor.setAttribute('visibility', 'visible');
      const r = hit.getBoundingClientRect();
      showTip(cellLines(map, shown(i), j, facet), x ?? r.left + (j + 1) / columns * r.width, y ?? r.top + (i + 1) / rows * r.height, spoken);
      figure.dispatchEvent(new CustomEvent('fathom:cell', { bubbles: true, detail: { row: shown(i), column: j, value: number(map.values[shown(i)][j]), facet } }));
    };
    const leave = () => { cursor.setAttribute('visibility', 'hidden'); hideTip(); };
    hit.addEventListener('pointermove', e => {
      const r = hit.getBoundingClientRect();
      const i = Math.floor((e.clientY - r.top) / r.height * rows), j = Math.floor((e.clientX - r.left) / r.width * columns);
      if (i >= 0 && j >= 0 && i < rows && j < columns) go(i, j, e.clientX, e.clientY, false);
    });
    hit.addEventListener('pointerleave', leave);
    hit.addEventListener('blur', leave);
    hit.addEventListener('focus', () => { if (hit.matches(':focus-visible')) go(...(at || [0, 0]), undefined, undefined, true); });
    hit.addEventListener('keydown', e => {
      const [i, j] = at || [0, 0];
      const to = {
        ArrowUp: [i - 1, j], ArrowDown: [i + 1, j], ArrowLeft: [i, j - 1], ArrowRight: [i, j + 1],
        Home: [i, 0], End: [i, columns - 1], PageUp: [0, j], PageDown: [rows - 1, j],
      }[e.key];
      if (e.key === 'Escape') leave();
      if (!to) return;
      e.preventDefault();
      go(Math.min(rows - 1, Math.max(0, to[0])), Math.min(columns - 1, Math.max(0, to[1])), undefined, undefined, true);
    });
  };
  const heatRows = (map, facet) => map.values.flatMap((row, i) => row.map((value, j) => [...facet, rowLabel(map, i), columnLabel(map, j), number(value)]));
  views['heat-map'] = {
    start: (figure, map) => heat(figure, figure.querySelector('.fathom-hit'), map),
    rows: map => [[map.row_title || 'row', map.column_title || 'column', map.value_title || 'value'], ...heatRows(map, [])],
  };

  // ---- start --------------------------------------------------------------------------------------------------------
  const read = async script => {
    if (script.dataset.encoding !== 'gzip') return script.textContent;
    const bytes = Uint8Array.from(atob(script.textContent), c => c.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
  };
  const open = async figure => {
    figure.dataset.state = 'opening';
    const json = await read(figure.querySelector('.fathom-data'));
    const spec = JSON.parse(json);
    if (views[spec.kind]) views[spec.kind].start(figure, spec);
    tools(figure, spec, json);
    figure.dataset.state = 'ready';
  };
  const scan = () => {
    ready();
    for (const figure of document.querySelectorAll('.fathom-figure:not([data-state])')) open(figure);
  };
  const theme = () => {
    const page = document.querySelector('body.fathom-page');
    if (!page) return;
    const button = make('button', 'fathom-theme', '◐');
    button.type = 'button';
    button.setAttribute('aria-label', 'Switch between light and dark');
    button.title = 'Light or dark';
    button.onclick = () => {
      const dark = getComputedStyle(page).colorScheme === 'dark';
      page.dataset.theme = dark ? 'light' : 'dark';
    };
    page.append(button);
  };
  window.fathom = { scan, views, make, visible, number, short, showTip, hideTip };
  scan();
  theme();
})();
