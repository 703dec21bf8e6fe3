using Fathom.Plots.Tests.Sweeps;

namespace Fathom.Plots.Tests.Browsers;

public sealed class NarrowWindowTests : IClassFixture<Chromium>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fathom-narrow-").FullName;

    private readonly Chromium browser;

    public NarrowWindowTests(Chromium browser)
    {
        Assert.SkipWhen(Chromium.Program is null, "No Chromium: install it at /usr/bin/chromium, or name one in FATHOM_CHROMIUM.");
        this.browser = browser;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_long_name_of_the_value_leaves_room_for_the_value_under_the_pointer()
    {
        await using var page = await browser.Open(SweepSamples.All["recovery over pairs"].Save(Path.Combine(folder, "tip.html")));
        foreach (var width in new[] { 1300, 400 })
        {
            await page.Resize(width);
            await page.Point(".fathom-hit", 0.1, 0.5);
            Assert.Contains("recovery of logit(' Hart') - logit(' Carroll') (0 = corrupted, 1 = clean)|", await page.Tip(), StringComparison.Ordinal);
            // One line for a number, two at most for a name beside it.
            Assert.Equal("true", await page.Evaluate("String([...document.querySelectorAll('.fathom-tip dd:not(.fathom-wide)')].every(e => e.scrollWidth <= e.clientWidth && getComputedStyle(e).width.slice(0, -2) >= 80))"));
            Assert.Equal("true", await page.Evaluate("(() => { const r = document.querySelector('.fathom-tip').getBoundingClientRect(); return String(r.height < 240 && r.left >= 0 && r.right <= innerWidth); })()"));
        }
    }

    [Fact]
    public async Task Words_wrap_and_the_picture_scrolls_where_the_window_is_narrower_than_the_figure()
    {
        var figure = SweepSamples.All["12 by 15 by 12"];
        await using var page = await browser.Open(figure.Save(Path.Combine(folder, "figure.html")));
        Assert.Equal("none", await page.Evaluate("getComputedStyle(document.querySelector('.fathom-words')).display"));
        var (height, width) = (await page.Evaluate("document.querySelector('.fathom-svg').getAttribute('height')"), await page.Evaluate("document.querySelector('.fathom-svg').getBoundingClientRect().width"));

        await page.Resize(600);
        await page.Until("document.querySelector('.fathom-figure').classList.contains('fathom-narrow')");
        Assert.Equal("true", await page.Evaluate("String(document.documentElement.scrollWidth <= 600)"));
        Assert.Equal("true", await page.Evaluate("String([...document.querySelectorAll('.fathom-words *')].every(e => { const r = e.getBoundingClientRect(); return r.left >= 0 && r.right <= 600 && e.scrollWidth <= e.clientWidth; }))"));
        Assert.Equal($"{figure.Title}|{figure.Subtitle}|{figure.Caption}", await page.Evaluate("[...document.querySelectorAll('.fathom-words > *')].map(e => e.textContent).join('|')"));
        // Cells keep their size, and what the picture itself would say twice is out of sight.
        Assert.Equal(width, await page.Evaluate("document.querySelector('.fathom-svg').getBoundingClientRect().width"));
        Assert.Equal("true", await page.Evaluate("(() => { const s = document.querySelector('.fathom-svg').getBoundingClientRect(), t = document.querySelector('.fathom-svg text').getBoundingClientRect(); return String(t.bottom <= s.top + 1); })()"));
        await page.Point(".fathom-hit", 0.5 / 12, 0.5 / 15);
        Assert.StartsWith("L0|Position|(pos 0) <|endoftext|>|Head|H0|", await page.Tip(), StringComparison.Ordinal);

        await page.Resize(1300);
        await page.Until("!document.querySelector('.fathom-figure').classList.contains('fathom-narrow')");
        Assert.Equal(height, await page.Evaluate("document.querySelector('.fathom-svg').getAttribute('height')"));
        Assert.Empty(page.Errors);
    }
}
