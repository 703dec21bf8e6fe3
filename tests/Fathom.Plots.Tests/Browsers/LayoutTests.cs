using Fathom.Plots.Svg;
using Fathom.Plots.Tests.Sweeps;

namespace Fathom.Plots.Tests.Browsers;

/// <summary>Measures every text of a drawing in a browser: none is cut by the frame, none lies over another, none over the cells of a heat map.</summary>
public sealed class LayoutTests : IClassFixture<Chromium>, IDisposable
{
    // Texts as quadrangles in the drawing's coordinates; two of them overlap if no edge of either separates them.
    private const string Measure = """
        (() => {
          const faults = [];
          // As saved, also where the page is too narrow to show the words inside the picture.
          for (const svg of document.querySelectorAll('.fathom-svg')) {
            svg.dataset.height ??= svg.getAttribute('height');
            svg.setAttribute('height', svg.dataset.height);
            svg.setAttribute('viewBox', `0 0 ${svg.getAttribute('width')} ${svg.dataset.height}`);
            const frame = svg.getBoundingClientRect(), width = +svg.getAttribute('width'), height = +svg.getAttribute('height');
            if (Math.abs(frame.width - width) > 0.5 || Math.abs(frame.height - height) > 0.5) faults.push('the drawing is scaled');
            const back = svg.getScreenCTM().inverse();
            const corners = (element, shrink) => {
              const b = element.getBBox(), m = back.multiply(element.getScreenCTM()), d = Math.min(shrink, b.width / 2, b.height / 2);
              return [[b.x + d, b.y + d], [b.x + b.width - d, b.y + d], [b.x + b.width - d, b.y + b.height - d], [b.x + d, b.y + b.height - d]]
                .map(([x, y]) => { const p = new DOMPoint(x, y).matrixTransform(m); return [p.x, p.y]; });
            };
            const apart = (a, b) => [[a, b], [b, a]].some(([p, q]) => p.some((_, i) => {
              const [x, y] = p[i], [u, v] = p[(i + 1) % 4], n = [v - y, x - u];
              const side = r => r.map(([s, t]) => (s - x) * n[0] + (t - y) * n[1]);
              return Math.min(...side(q)) >= Math.max(...side(p)) || Math.max(...side(q)) <= Math.min(...side(p));
            }));
            const texts = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim()).map(t => ({ text: t.textContent, inside: t.getAttribute('pointer-events') === 'none', at: corners(t, 1.5) }));
            if (texts.length === 0) faults.push('no text');
            const plots = [...svg.querySelectorAll('.fathom-hit')].map(h => corners(h, 1));
            const heat = /heat-map|small-multiples/.test(svg.closest('.fathom-figure').dataset.kind);
            texts.forEach((a, i) => {
              if (a.at.some(([x, y]) => x < 0 || y < 0 || x > width || y > height)) faults.push(`'${a.text}' leaves the figure`);
              if (heat && !a.inside && plots.some(p => !apart(p, a.at))) faults.push(`'${a.text}' lies on a plot`);
              texts.slice(i + 1).forEach(b => { if (!apart(a.at, b.at)) faults.push(`'${a.text}' and '${b.text}' overlap`); });
            });
          }
          if (!document.querySelector('.fathom-svg')) faults.push('no drawing');
          return faults.slice(0, 12).join('\n');
        })()
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("fathom-layout-").FullName;

    private readonly Chromium browser;

    public LayoutTests(Chromium browser)
    {
        Assert.SkipWhen(Chromium.Program is null, "No Chromium: install it at /usr/bin/chromium, or name one in FATHOM_CHROMIUM.");
        this.browser = browser;
    }

    public static TheoryData<string> Names => [.. Samples.All.Keys, .. SweepSamples.All.Keys, .. ChartSamples.All.Keys];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_text_is_cut_or_covered(string name)
    {
        var figure = SweepSamples.All.GetValueOrDefault(name) ?? ChartSamples.All.GetValueOrDefault(name) ?? Samples.All[name];
        var file = figure.Save(Path.Combine(folder, "figure.html"));
        if (figure is AttentionPatterns)
        {
            // The page of patterns is painted by its script; their picture is for files.
            await File.WriteAllTextAsync(file, $"<!doctype html><figure class=\"fathom-figure\" data-kind=\"{figure.Kind}\" data-state=\"ready\">{SvgDocument.Inline(figure, "f")}</figure>", TestContext.Current.CancellationToken);
        }

        await using var page = await browser.Open(file);
        Assert.Equal("", await page.Evaluate(Measure));
        Assert.Empty(page.Errors);
    }
}
