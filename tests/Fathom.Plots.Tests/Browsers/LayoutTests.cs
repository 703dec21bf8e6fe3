using Fathom.Plots.Sweeps;
using Fathom.Plots.Tests.Sweeps;

namespace Fathom.Plots.Tests.Browsers;

/// <summary>Measures every text of a drawing in a browser: none is cut by the frame, none lies over another, none over the cells of a heat map.</summary>
public sealed class LayoutTests : IClassFixture<Chromium>, IDisposable
{
    // Texts as quadrangles in the drawing's coordinates; two of them overlap if no edge of either separates them.
    private const string Measure = """
        (() => {
          const faults = [];
          for (const svg of document.querySelectorAll('.fathom-svg')) {
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
            const plots = [...svg.querySelectorAll('.fathom-hit')].map(h => corners(h, 1));
            const heat = /heat-map|small-multiples/.test(svg.closest('.fathom-figure').dataset.kind);
            texts.forEach((a, i) => {
              if (a.at.some(([x, y]) => x < 0 || y < 0 || x > width || y > height)) faults.push(`'${a.text}' leaves the figure`);
              if (heat && !a.inside && plots.some(p => !apart(p, a.at))) faults.push(`'${a.text}' lies on a plot`);
              texts.slice(i + 1).forEach(b => { if (!apart(a.at, b.at)) faults.push(`'${a.text}' and '${b.text}' overlap`); });
            });
          }
          return faults.slice(0, 12).join('\n');
        })()
        """;

    private static readonly string[] Prompt = ["<|endoftext|>", "When", " Mary", " and", " John", " went", " to", " the", " store", ",", " John", " gave", " a", " drink", " to"];

    private static readonly string[] Difficult = ["<|endoftext|>", "שלום", " مرحبا", "日本語のとても長いトークン", "\u0000", " \n\n\t", "👩\u200D🚀", "ภาษาไทย", new string('W', 60), "", "\u202Eabc", " \u00A0 ", "Ａ", "e\u0301e\u0301"];

    private readonly string folder = Directory.CreateTempSubdirectory("fathom-layout-").FullName;

    private readonly Chromium browser;

    public LayoutTests(Chromium browser)
    {
        Assert.SkipWhen(Chromium.Program is null, "No Chromium: install it at /usr/bin/chromium, or name one in FATHOM_CHROMIUM.");
        this.browser = browser;
    }

    public static TheoryData<string> Names => [.. Figures.Keys];

    private static Dictionary<string, Figure> Figures { get; } = new(Samples.All.Where(f => f.Key != "attention-patterns"))
    {
        ["layers by heads"] = SampleSweeps.Of([SampleSweeps.Layers(12), SampleSweeps.Heads(12)], c => Math.Sin(c)).ToFigure(),
        ["four by four"] = SampleSweeps.Of([SampleSweeps.Layers(4), SampleSweeps.Heads(4)], c => Math.Sin(c)).ToFigure(),
        ["one cell"] = SampleSweeps.Of([SampleSweeps.Layers(1), SampleSweeps.Heads(1)], c => 1).ToFigure(),
        ["one row"] = SampleSweeps.Of([new("kv_head", ["KV0"], [0]), SampleSweeps.Positions("pos", Prompt)], c => c).ToFigure(),
        ["one row of none"] = SampleSweeps.Of([SampleSweeps.Positions("pos", Prompt)], c => c).ToFigure(show: ShownValue.Recovery),
        ["layers by positions"] = SampleSweeps.Of([SampleSweeps.Layers(13), SampleSweeps.Positions("pos", Prompt)], c => c < 60 ? 18 : c).ToFigure(),
        ["difficult tokens"] = SampleSweeps.Of([SampleSweeps.Layers(4), SampleSweeps.Positions("pos", Difficult)], c => c).ToFigure(),
        ["difficult rows"] = SampleSweeps.Of([SampleSweeps.Positions("query_pos", Difficult), SampleSweeps.Positions("key_pos", Difficult)], c => c == 3 ? double.NaN : c).ToFigure(),
        ["13 by 64"] = SampleSweeps.Of([SampleSweeps.Layers(13), SampleSweeps.Positions("pos", [.. Enumerable.Range(0, 64).Select(i => Prompt[i % 15])])], c => c).ToFigure(),
        ["13 by 256"] = SampleSweeps.Of([SampleSweeps.Layers(13), SampleSweeps.Positions("pos", [.. Enumerable.Range(0, 256).Select(i => Prompt[i % 15])])], c => c).ToFigure(),
        ["12 by 12 by 9"] = SampleSweeps.Of([SampleSweeps.Layers(12), SampleSweeps.Heads(12), SampleSweeps.Positions("pos", Prompt[..9])], c => Math.Cos(c)).ToFigure(),
        ["12 by 15 by 12"] = SampleSweeps.Of([SampleSweeps.Layers(12), SampleSweeps.Positions("pos", Prompt), SampleSweeps.Heads(12)], c => Math.Cos(c)).ToFigure(),
        ["destinations by sources"] = SampleSweeps.Of([SampleSweeps.Layers(2), SampleSweeps.Heads(12), SampleSweeps.Positions("query_pos", Prompt), SampleSweeps.Positions("key_pos", Prompt)], c => Math.Cos(c)).ToFigure(),
        ["a long metric"] = SampleSweeps.Of([SampleSweeps.Layers(2), SampleSweeps.Heads(2)], c => c, Fathom.Patching.Metric.Of("the mean over all of the answers' logits of the difference from the logit of the one that names nobody" + new string('x', 90), "nats", _ => 0)).ToFigure(new string('T', 300)),
    };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_text_is_cut_or_covered(string name)
    {
        await using var page = await browser.Open(Figures[name].Save(Path.Combine(folder, "figure.html")));
        Assert.Equal("", await page.Evaluate(Measure));
        Assert.Empty(page.Errors);
    }
}
