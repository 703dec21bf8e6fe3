// The viewer of Fathom's figures: values under the pointer and the arrow keys, downloads, light and dark. It makes no request.
'use strict';
if (window.fathom) { window.fathom.scan(); return; }
const svgNs = 'http://www.w3.org/2000/svg';

// By kind of figure: start(figure, spec, panel hit), rows(spec) for CSV.
const views = {};

const make = (name, className, text) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

// What the eye cannot see, made visible; the same marks as in the saved pictures.
const code = (c, prefix, digits) => prefix + c.charCodeAt(0).toString(16).toUpperCase().padStart(digits, '0');
const visible = text => Array.from(String(text), c => c === '\n' ? '↵' : c === '\r' ? '␍' : c === '\t' ? '⇥'
  : c < ' ' || c === '\x7f' ? code(c, '\\x', 2) : /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/u.test(c) && c.length === 1 ? code(c, '\\u', 4) : c).join('');
const visibleToken = token => token === '' ? '∅' : visible(token).replaceAll(' ', '·').replaceAll('\u00a0', '⍽');

// JSON has no NaN and no infinity: null, "Infinity" and "-Infinity" stand for them.
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
  tip = make('dl', 'fathom-tip');
  tip.hidden = true;
  say = make('div', 'fathom-say');
  say.setAttribute('aria-live', 'polite');
  document.querySelector('.fathom').append(tip, say);
};

// Lines are [name, value, isMain]; a line without a name spans the box.
const showTip = (lines, x, y, spoken) => {
  tip.replaceChildren(...lines.flatMap(([name, value, main]) => {
    const detail = make('dd', (main ? 'fathom-main' : '') + (name ? '' : ' fathom-wide'), value);
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

const shape = (after, name, className) => {
  const element = document.createElementNS(svgNs, name);
  element.setAttribute('class', className);
  element.setAttribute('visibility', 'hidden');
  after.after(element);
  return element;
};
const place = (element, attributes) => {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.setAttribute('visibility', 'visible');
};

// One area that pointer and keys move about in. find(fx, fy, pxPerUnit) gives a position from fractions of the area, step(at, key) the next one,
// show(at) marks it and returns { lines, fx, fy } or null; leave() unmarks.
const explore = (hit, { first, find, step, show, leave }) => {
  let at = null;
  const go = (to, pointer) => {
    if (!to) return;
    at = to;
    const found = show(at);
    if (!found) return;
    const r = hit.getBoundingClientRect();
    showTip(found.lines, pointer ? pointer.clientX : r.left + found.fx * r.width, pointer ? pointer.clientY : r.top + found.fy * r.height, !pointer);
  };
  const out = () => { leave(); hideTip(); };
  hit.addEventListener('pointermove', e => {
    const r = hit.getBoundingClientRect();
    const [fx, fy] = [(e.clientX - r.left) / r.width, (e.clientY - r.top) / r.height];
    if (fx >= 0 && fy >= 0 && fx < 1 && fy < 1) go(find(fx, fy), e);
  });
  hit.addEventListener('pointerleave', out);
  hit.addEventListener('blur', out);
  hit.addEventListener('focus', () => { if (hit.matches(':focus-visible')) go(at || first); });
  hit.addEventListener('keydown', e => {
    if (e.key === 'Escape') out();
    if (!/^(Arrow|Home|End|Page)/.test(e.key)) return;
    e.preventDefault();
    go(step(at || first, e.key));
  });
};
const clamp = (value, count) => Math.max(0, Math.min(count - 1, value));

const save = (name, type, text) => {
  const link = make('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
// Where the place is narrower than the picture, the picture scrolls, without its words; those stand above and below it as text that wraps.
const frame = (svg, narrow) => {
  const [width, height] = [svg.getAttribute('width'), svg.dataset.height], [top, bottom] = narrow ? [svg.dataset.top, svg.dataset.bottom] : [0, height];
  svg.setAttribute('viewBox', `0 ${top} ${width} ${bottom - top}`);
  svg.setAttribute('height', bottom - top);
  return svg;
};
const whole = svg => frame(svg.cloneNode(true), false);
const fit = (figure, spec) => {
  const svg = figure.querySelector('.fathom-svg'), scroll = figure.querySelector('.fathom-scroll');
  if (!svg) return;
  svg.dataset.height = svg.getAttribute('height');
  const words = (...parts) => {
    const box = make('div', 'fathom-words');
    box.append(...parts.filter(([, text]) => text).map(([name, text]) => make('div', name, text.split('\n').map(visible).join('\n'))));
    return box;
  };
  scroll.before(words(['fathom-words-title', spec.title], ['', spec.subtitle]));
  scroll.after(words(['', spec.caption]));
  const lay = () => {
    const narrow = scroll.clientWidth < svg.getAttribute('width') - 1;
    if (figure.classList.toggle('fathom-narrow', narrow) || svg.getAttribute('height') !== svg.dataset.height) frame(svg, narrow);
  };
  new ResizeObserver(lay).observe(scroll);
  lay();
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
  if (svg) button('SVG', 'Save the picture as SVG', () => save(name + '.svg', 'image/svg+xml', new XMLSerializer().serializeToString(whole(svg))));
  if (views[spec.kind] && views[spec.kind].rows) button('CSV', 'Save the numbers as CSV', () => save(name + '.csv', 'text/csv', toCsv(views[spec.kind].rows(spec))));
  button('JSON', 'Save the figure as JSON', () => save(name + '.json', 'application/json', json));
  figure.append(bar);
};
