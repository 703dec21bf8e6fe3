using System.Diagnostics;
using System.Text.Json;

namespace Fathom.Plots.Tests.Browsers;

public sealed class ViewerTests : IClassFixture<Chromium>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fathom-viewer-").FullName;

    private readonly Chromium browser;

    public ViewerTests(Chromium browser)
    {
        Assert.SkipWhen(Chromium.Program is null, "No Chromium: install it at /usr/bin/chromium, or name one in FATHOM_CHROMIUM.");
        this.browser = browser;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_heat_map_says_row_column_and_value_under_the_pointer_and_under_the_keys()
    {
        await using var page = await browser.Open(Samples.Map("Map", 1).Save(Path.Combine(folder, "map.html")));
        await page.Point(".fathom-hit", 2.5 / 3, 0.25);
        Assert.Equal("Layer|0|Position|(pos 2)  Hart|Logit difference|-17.5", await page.Tip());
        await page.Point(".fathom-hit", 0.1, 0.75);
        Assert.Equal("Layer|1|Position|(pos 0) <|endoftext|>|Logit difference|0.001 (within the noise floor)", await page.Tip());
        await page.Point("main", 0.99, 0.99);
        Assert.Equal("", await page.Tip());

        await page.Press("Tab");
        Assert.Equal("fathom-hit", await page.Evaluate("document.activeElement.getAttribute('class')"));
        await page.Press("Home");
        await page.Press("PageUp");
        await page.Press("ArrowRight");
        Assert.Equal("Layer|0|Position|(pos 1) ↵|Logit difference|no value", await page.Tip());
        Assert.Equal("Layer 0, Position (pos 1) ↵, Logit difference no value", await page.Evaluate("document.querySelector('.fathom-say').textContent"));
        await page.Press("Escape");
        Assert.Equal("", await page.Tip());
    }

    [Fact]
    public async Task Numbers_read_the_same_in_the_page_and_in_the_picture()
    {
        await using var page = await browser.Open(Samples.Map("Map", 1).Save(Path.Combine(folder, "numbers.html")));
        double[] values = [0, 0.5, 2.5, -0.00005, 1e-4, 99999.5, 1e7, 123456.789, .. Enumerable.Range(1, 200).Select(i => Math.Sin(i) * Math.Pow(10, (i % 24) - 12))];
        var shown = await page.Evaluate($"[{string.Join(',', values.Select(Numbers.Exact))}].map(v => window.fathom.short(v) + ' ' + window.fathom.short(v, 3)).join('|')");
        Assert.Equal(string.Join('|', values.Select(v => $"{Numbers.Short(v)} {Numbers.Short(v, 3)}")), shown);
    }

    [Fact]
    public async Task Every_figure_opens_without_a_request_or_an_error_and_runs_no_token()
    {
        var report = new Report("All </title><script>document.title='owned'</script>");
        foreach (var figure in Samples.All.Values)
        {
            report.Heading(figure.Title!).Paragraph("<img src=x onerror=document.title='owned'>").Figure(figure);
        }

        var path = report.Save(Path.Combine(folder, "all.html"));
        await using var page = await browser.Open(path, dark: true);
        foreach (var (selector, starts) in new[]
        {
            ("#figure-3 .fathom-hit", "Step|"), ("#figure-4 .fathom-hit", "clean|x| Hart|Logit difference|1.5"), ("#figure-5 .fathom-hit", "L0H1|Activation patching|"),
            ("#figure-6 .fathom-hit", "Activation|1 to "), ("#figure-7 .fathom-mark", "Token|<|endoftext|>  (pos 0)|nats|-8"),
        })
        {
            await page.Point(selector, 0.05, 0.5);
            Assert.Contains(starts, await page.Tip(), StringComparison.Ordinal);
        }

        await page.Evaluate("document.querySelector('.fathom-theme').click()");
        Assert.Equal("light", await page.Evaluate("getComputedStyle(document.body).colorScheme"));
        Assert.Equal("All </title><script>document.title='owned'</script>", await page.Evaluate("document.title"));
        Assert.Equal("0", await page.Evaluate("document.querySelectorAll('main img').length"));
        Assert.Empty(page.Errors);
        Assert.All(page.Requests, r => Assert.True(r == new Uri(path).AbsoluteUri || r.StartsWith("data:", StringComparison.Ordinal), r));
    }

    [Fact]
    public async Task Attention_view_of_144_heads_and_64_tokens_shows_every_token_once_in_order()
    {
        ValueList<string> tokens = [.. Enumerable.Range(0, 64).Select(i => Samples.HostileTokens[i % Samples.HostileTokens.Count])];
        var figure = Figure.AttentionPatterns(tokens, [.. Enumerable.Range(0, 144).Select(h => Samples.Causal(64, h))], [.. Enumerable.Range(0, 144).Select(h => $"L{h / 12}H{h % 12}")], "All heads", 12);
        var path = figure.Save(Path.Combine(folder, "attention.html"));
        await using var page = await browser.Open(path);

        var opening = double.Parse(await page.Evaluate("performance.now()"), System.Globalization.CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"open and painted after {opening:F0} ms");
        Assert.Equal("144", await page.Evaluate("document.querySelectorAll('.fathom-head canvas').length"));
        var shown = JsonSerializer.Deserialize<string[]>(await page.Evaluate("JSON.stringify([...document.querySelectorAll('.fathom-token')].filter(t => t.offsetWidth > 6 && t.offsetHeight > 10).map(t => t.textContent))"))!;
        Assert.Equal(tokens.Select(TokenLabels.Visible), shown);
        Assert.Equal("All heads", await page.Evaluate("document.title"));

        // Both directions: from the query to the key, and back.
        await page.Evaluate("document.querySelectorAll('.fathom-head')[13].click()");
        await page.Point(".fathom-area", 2.5 / 64, 10.5 / 64);
        var (there, back) = (Samples.Causal(64, 13)[10, 2], Samples.Causal(64, 13)[2, 10]);
        Assert.Equal($"L1H1,  query 10, key 2|\\x00 → ·Mary|{Numbers.Short(there)}|·Mary → \\x00|{Numbers.Short(back)}", await page.Tip());
        await page.Point(".fathom-token:nth-of-type(3)", 0.5, 0.5);
        Assert.Contains("·Mary attends to|", await page.Tip(), StringComparison.Ordinal);
        Assert.Contains("|attended to by|", await page.Tip(), StringComparison.Ordinal);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_fragment_does_not_shrink_inside_another_page_and_two_share_one_viewer()
    {
        var host = $"<!doctype html><body style=\"font-size:8px;width:300px\"><div style=\"width:240px\">{Samples.Map("One", 1).ToHtmlFragment("one")}{Samples.All["attention-patterns"].ToHtmlFragment("two")}</div>";
        var path = Path.Combine(folder, "host.html");
        await File.WriteAllTextAsync(path, host, TestContext.Current.CancellationToken);
        await using var page = await browser.Open(path);
        Assert.Equal("true", await page.Evaluate("(() => { const s = document.querySelector('.fathom-svg'); return String(s.getBoundingClientRect().width === +s.getAttribute('width')); })()"));
        Assert.Equal("400", await page.Evaluate("document.querySelector('.fathom-canvas').getBoundingClientRect().width"));
        Assert.Equal("1", await page.Evaluate("document.querySelectorAll('.fathom-tip').length"));
        await page.Point("#one .fathom-hit", 0.9, 0.25);
        Assert.Contains("-17.5", await page.Tip(), StringComparison.Ordinal);
        Assert.Empty(page.Errors);
    }
}
