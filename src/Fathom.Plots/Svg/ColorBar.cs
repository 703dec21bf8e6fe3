using Fathom.Plots.Colors;

namespace Fathom.Plots.Svg;

/// <summary>The colours and what they mean, right of the plots that share them.</summary>
internal sealed class ColorBar
{
    private const double Thickness = 12;
    private const double TitleSize = 12;
    private const double LineHeight = 15;
    private const int MostLines = 6;
    private readonly ColorScale scale;
    private readonly IReadOnlyList<string> title;
    private readonly string gradient;
    private readonly double height;
    private readonly IReadOnlyList<double> ticks;
    private readonly double step;
    private readonly double middle;

    /// <summary>Lays the bar out.</summary>
    /// <param name="scale">The colours.</param>
    /// <param name="title">What a value is; it runs upwards, in as many lines as it needs.</param>
    /// <param name="height">The bar's own height.</param>
    /// <param name="room">The height that a long title may take.</param>
    /// <param name="gradient">The gradient's id.</param>
    public ColorBar(ColorScale scale, string? title, double height, double room, string gradient)
    {
        (this.scale, this.gradient, this.height) = (scale, gradient, height);
        (ticks, step) = Ticks.Between(scale.Low, scale.High, (int)Math.Clamp(height / 36, 2, 6), atLeast: 3);
        // A token's leading space is no place to break a line at.
        var words = VisibleText.Of(title ?? "").Replace("' ", "'\u00A0", StringComparison.Ordinal).Replace("'\u00A0-", "' -", StringComparison.Ordinal);
        this.title = words.Length > 0 ? TextMetrics.Wrap(words, TitleSize, height) : [];
        if (this.title.Count > 3 && room > height)
        {
            this.title = TextMetrics.Wrap(words, TitleSize, room);
        }

        if (this.title.Count > MostLines)
        {
            this.title = [.. this.title.Take(MostLines - 1), TextMetrics.Fit(this.title[MostLines - 1] + "…", TitleSize, Math.Max(height, room))];
        }

        var longest = TextMetrics.Widest(this.title, TitleSize);
        middle = longest <= height ? height / 2 : longest / 2;
    }

    public double Width => scale.HasValues
        ? Thickness + 8 + TextMetrics.Widest(ticks.Select(t => Numbers.Tick(t, step)), 11) + (title.Count == 0 ? 0 : 6 + (title.Count * LineHeight))
        : 0;

    /// <summary>The height of the bar and of its title.</summary>
    public double Height => Math.Max(height, middle + (TextMetrics.Widest(title, TitleSize) / 2)) + 6;

    public void Draw(SvgCanvas canvas, double x, double y)
    {
        if (!scale.HasValues)
        {
            return;
        }

        canvas.Raw($"<defs><linearGradient id=\"{gradient}\" x1=\"0\" x2=\"0\" y1=\"1\" y2=\"0\">");
        var (from, to) = (scale.Position(scale.Low), scale.Position(scale.High));
        for (var i = 0; i <= 20; i++)
        {
            canvas.Raw($"<stop offset=\"{SvgCanvas.N(i / 20.0)}\" stop-color=\"{scale.AtPosition(from + ((to - from) * i / 20)).Hex}\"/>");
        }

        canvas.Raw("</linearGradient></defs>").Line();
        canvas.Rect(x, y, Thickness, height, $"rx=\"2\" fill=\"url(#{gradient})\"").Line();
        foreach (var tick in ticks)
        {
            var at = y + height - (height * (tick - scale.Low) / (scale.High - scale.Low));
            canvas.Segment(x + Thickness, at, x + Thickness + 3, at, "class=\"fl\" stroke=\"#8c959f\"");
            canvas.Text(x + Thickness + 7, at + 4, Numbers.Tick(tick, step), size: 11).Line();
        }

        for (var line = 0; line < title.Count; line++)
        {
            canvas.Text(x + Width - 4 - ((title.Count - 1 - line) * LineHeight), y + middle, title[line], "middle", TitleSize, SvgCanvas.Muted, -90).Line();
        }
    }
}
