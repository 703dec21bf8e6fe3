
// ---- coloured tokens ----
views['colored-tokens'] = {
  whole: (figure, spec) => {
    const labels = spec.strip_labels;
    const marks = [...figure.querySelectorAll('.fathom-mark')];
    const strips = spec.values.length;
    const linesOf = mark => {
      const [strip, token] = [+mark.dataset.strip, +mark.dataset.token];
      const lines = [['Token', visibleToken(spec.tokens[token]) + '  (pos ' + token + ')']];
      if (strips > 1 || labels.length) lines.push(['Strip', labels.length ? visible(labels[strip]) : String(strip)]);
      lines.push([spec.value_title || 'Value', short(number(spec.values[strip][token]), spec.decimals), true]);
      if (spec.hover_text.length) lines.push(['', spec.hover_text[token]]);
      return lines;
    };
    const showAt = (mark, spoken) => {
      const r = mark.getBoundingClientRect();
      for (const other of marks) other.classList.toggle('fathom-same', other.dataset.token === mark.dataset.token);
      showTip(linesOf(mark), r.left, r.bottom - 6, spoken);
    };
    const leave = () => { for (const mark of marks) mark.classList.remove('fathom-same'); hideTip(); };
    marks.forEach((mark, m) => {
      mark.setAttribute('tabindex', m ? '-1' : '0');
      mark.setAttribute('role', 'img');
      mark.setAttribute('aria-label', linesOf(mark).map(l => l.slice(0, 2).join(' ')).join(', '));
      mark.addEventListener('pointerenter', () => showAt(mark, false));
      mark.addEventListener('pointerleave', leave);
      mark.addEventListener('focus', () => { if (mark.matches(':focus-visible')) showAt(mark, true); });
      mark.addEventListener('blur', leave);
      mark.addEventListener('keydown', e => {
        const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: spec.tokens.length, ArrowUp: -spec.tokens.length, Home: -m, End: marks.length - 1 - m }[e.key];
        if (e.key === 'Escape') leave();
        if (step === undefined) return;
        e.preventDefault();
        const to = marks[m + step];
        if (!to) return;
        mark.setAttribute('tabindex', '-1');
        to.setAttribute('tabindex', '0');
        to.focus({ focusVisible: true });
      });
    });
  },
  rows: spec => [['strip', 'position', 'token', spec.value_title || 'value'], ...spec.values.flatMap((row, s) => row.map((value, t) => [spec.strip_labels.length ? spec.strip_labels[s] : spec.values.length > 1 ? String(s) : '', t, spec.tokens[t], number(value)]))],
};
