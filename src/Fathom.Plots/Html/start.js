
// ---- start ----
const read = async script => {
  if (script.dataset.encoding !== 'gzip') return script.textContent;
  const bytes = Uint8Array.from(atob(script.textContent), c => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
};
const open = async figure => {
  figure.dataset.state = 'opening';
  const json = await read(figure.querySelector('.fathom-data'));
  const spec = JSON.parse(json);
  const view = views[spec.kind];
  if (view.whole) view.whole(figure, spec);
  else for (const hit of figure.querySelectorAll('.fathom-hit')) view.start(figure, spec, hit);
  tools(figure, spec, json);
  fit(figure, spec);
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
  button.onclick = () => { page.dataset.theme = getComputedStyle(page).colorScheme === 'dark' ? 'light' : 'dark'; };
  page.append(button);
};
window.fathom = { scan, short };
scan();
theme();
