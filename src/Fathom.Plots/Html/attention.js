
// ---- attention patterns ----
// A wall of heads, the chosen head large, and the text. Pictures are one pixel a cell, scaled up by the browser.
const unpack = patterns => {
  if (Array.isArray(patterns)) return patterns.map(grid => Float32Array.from(grid.flat(), number));
  const [heads, rows, columns] = patterns.shape;
  const all = new Float32Array(Uint8Array.from(atob(patterns.f32), c => c.charCodeAt(0)).buffer);
  return Array.from({ length: heads }, (_, h) => all.subarray(h * rows * columns, (h + 1) * rows * columns));
};
const ramp = (stops => Uint32Array.from({ length: 256 }, (_, i) => {
  const at = i / 255 * (stops.length - 1), k = Math.min(Math.floor(at), stops.length - 2), t = at - k;
  const mix = channel => Math.round(stops[k][channel] + (stops[k + 1][channel] - stops[k][channel]) * t);
  return (255 << 24 | mix(2) << 16 | mix(1) << 8 | mix(0)) >>> 0;
}))([[247, 251, 255], [222, 235, 247], [198, 219, 239], [158, 202, 225], [107, 174, 214], [66, 146, 198], [33, 113, 181], [8, 81, 156], [8, 48, 107]]);
const paint = (canvas, values, n) => {
  canvas.width = canvas.height = n;
  const context = canvas.getContext('2d');
  const image = context.createImageData(n, n);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) pixels[i] = Number.isNaN(values[i]) ? 0 : ramp[Math.max(0, Math.min(255, Math.round(values[i] * 255)))];
  context.putImageData(image, 0, 0);
};

views['attention-patterns'] = {
  whole: (figure, spec) => {
    const n = spec.tokens.length, tokens = spec.tokens.map(visibleToken), patterns = unpack(spec.patterns);
    const labels = patterns.map((_, h) => visible(spec.head_labels.length ? spec.head_labels[h] : 'H' + h));
    const view = figure.querySelector('.fathom-attention');
    let head = 0, pinned = null;

    const wall = make('div', 'fathom-wall');
    wall.setAttribute('role', 'listbox');
    wall.setAttribute('aria-label', 'Heads');
    if (spec.heads_per_row) wall.style.gridTemplateColumns = `repeat(${spec.heads_per_row}, max-content)`;
    const big = make('div', 'fathom-big');
    const heading = make('div', 'fathom-heading');
    const frame = make('div', 'fathom-frame');
    const canvas = make('canvas', 'fathom-canvas');
    const cross = make('div', 'fathom-cross');
    const area = make('div', 'fathom-area');
    const text = make('div', 'fathom-text');
    const legend = make('div', 'fathom-key');
    area.tabIndex = 0;
    area.setAttribute('role', 'application');
    area.setAttribute('aria-label', 'Pattern of the chosen head, queries down, keys across. Arrow keys move.');
    frame.append(canvas, cross, area);
    big.append(heading, frame);
    legend.append(make('span', 'fathom-out', ''), 'it attends to', make('span', 'fathom-in', ''), 'attends to it', make('span', 'fathom-hint', 'Point at a token or a cell; click a token to keep it.'));

    const value = (q, k) => patterns[head][q * n + k];
    const spans = tokens.map((token, i) => {
      const span = make('span', 'fathom-token', token);
      span.tabIndex = i ? -1 : 0;
      span.setAttribute('role', 'button');
      span.onpointerenter = () => { if (pinned === null) color(i); pair(i, span); };
      span.onpointerleave = () => { hideTip(); if (pinned === null) color(null); };
      span.onclick = () => { pinned = pinned === i ? null : i; color(pinned); };
      span.onfocus = () => { if (span.matches(':focus-visible')) { if (pinned === null) color(i); pair(i, span, true); } };
      span.onblur = () => { hideTip(); if (pinned === null) color(null); };
      span.onkeydown = e => {
        if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); span.click(); }
        if (e.key === 'Escape') { pinned = null; color(null); hideTip(); }
        const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: n - 1 }[e.key];
        if (to === undefined || !spans[to]) return;
        e.preventDefault();
        span.tabIndex = -1;
        spans[to].tabIndex = 0;
        spans[to].focus({ focusVisible: true });
      };
      text.append(span);
      if (spec.tokens[i].includes('\n')) text.append(make('span', 'fathom-break'));
      return span;
    });

    // Blue says how much the chosen token attends to this one, orange how much this one attends to it; where both happen, orange is the upper part.
    const tint = (share, rgb) => `rgb(${rgb} / ${share > 0 ? Math.min(1, share ** 0.6).toFixed(3) : 0})`;
    const color = i => spans.forEach((span, j) => {
      span.classList.toggle('fathom-chosen', i === j);
      if (i === null) { span.style.background = ''; return; }
      const [out, back] = [value(i, j), value(j, i)], split = out > 0 ? back > 0 ? 42 : 0 : 100;
      span.style.background = `linear-gradient(${tint(back, '224 123 57')} ${split}%, ${tint(out, '33 113 181')} ${split}%)`;
    });
    const both = (q, k) => [
      [tokens[q] + ' → ' + tokens[k], short(value(q, k)), true],
      ...(q === k ? [] : [[tokens[k] + ' → ' + tokens[q], short(value(k, q))]]),
    ];
    const most = (i, outgoing) => {
      const at = k => outgoing ? value(i, k) : value(k, i);
      return Array.from({ length: n }, (_, k) => k).filter(k => at(k) > 0).sort((a, b) => at(b) - at(a) || a - b).slice(0, 3)
        .map(k => tokens[k] + ' ' + short(at(k), 2)).join(',  ') || 'nothing';
    };
    const pair = (i, span, spoken) => {
      const r = span.getBoundingClientRect();
      const lines = [['', labels[head] + ',  position ' + i]];
      if (pinned !== null && pinned !== i) lines.push(...both(pinned, i));
      else lines.push([tokens[i] + ' attends to', most(i, true), true], ['attended to by', most(i, false)]);
      showTip(lines, r.left, r.bottom - 4, spoken);
    };

    const show = h => {
      head = h;
      paint(canvas, patterns[h], n);
      heading.textContent = labels[h] + (spec.value_title ? '  ' + spec.value_title : '') + '  queries ↓  keys →';
      [...wall.children].forEach((b, i) => { b.setAttribute('aria-selected', i === h); b.tabIndex = i === h ? 0 : -1; });
      color(pinned);
    };
    patterns.forEach((pattern, h) => {
      const button = make('button', 'fathom-head');
      button.type = 'button';
      button.setAttribute('role', 'option');
      button.setAttribute('aria-label', 'Head ' + labels[h]);
      const small = make('canvas');
      paint(small, pattern, n);
      button.append(small, make('span', '', labels[h]));
      button.onclick = () => show(h);
      button.onkeydown = e => {
        const columns = spec.heads_per_row || Math.max(1, Math.round(wall.clientWidth / button.offsetWidth));
        const to = { ArrowRight: h + 1, ArrowLeft: h - 1, ArrowDown: h + columns, ArrowUp: h - columns, Home: 0, End: patterns.length - 1 }[e.key];
        if (to === undefined || !patterns[to]) return;
        e.preventDefault();
        show(to);
        wall.children[to].focus({ focusVisible: true });
      };
      wall.append(button);
    });

    explore(area, {
      first: [n - 1, 0],
      find: (fx, fy) => [clamp(Math.floor(fy * n), n), clamp(Math.floor(fx * n), n)],
      step: ([q, k], key) => {
        const to = { ArrowUp: [q - 1, k], ArrowDown: [q + 1, k], ArrowLeft: [q, k - 1], ArrowRight: [q, k + 1], Home: [q, 0], End: [q, n - 1], PageUp: [0, k], PageDown: [n - 1, k] }[key];
        return [clamp(to[0], n), clamp(to[1], n)];
      },
      show: ([q, k]) => {
        cross.style.cssText = `display:block;left:${k / n * 100}%;top:${q / n * 100}%;width:${100 / n}%;height:${100 / n}%`;
        if (pinned === null) color(q);
        return { lines: [['', labels[head] + ',  query ' + q + ', key ' + k], ...both(q, k)], fx: (k + 1) / n, fy: (q + 1) / n };
      },
      leave: () => { cross.style.display = 'none'; color(pinned); },
    });
    const side = make('div', 'fathom-side');
    side.append(big, legend, text);
    view.replaceChildren(wall, side);
    show(0);
  },
};
