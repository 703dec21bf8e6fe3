using Fathom.Plots.Colors;

namespace Fathom.Plots.Svg;

/// <summary>The colours and what they mean, right of the plots that share them.</summary>
internal sealed class ColorBar
{
    private const double Thickness = 12;
    private readonly ColorScale scale;
    private readonly string? title;
    private readonly string gradient;
    private readonly double height;
    private readonly IReadOnlyList<double> ticks;
    private readonly double step;

    public ColorBar(ColorScale scale, string? title, double height, string gradient)
    {
        (this.scale, this.title, this.gradient, this.height) = (scale, title, gradient, height);
        (ticks, step) = Ticks.Between(scale.Low, scale.High, (int)Math.Clamp(height / 36, 2, 6));
    }

    public double Width => scale.HasValues
        ? Thickness + 8 + TextMetrics.Widest(ticks.Select(t => Numbers.Tick(t, step)), 11) + (title is null ? 0 : 20)
        : 0;

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

        if (title is not null)
        {
            canvas.Text(x + Width - 4, y + (height / 2), TextMetrics.Fit(title, 12, Math.Max(height, 140)), "middle", 12, SvgCanvas.Muted, -90).Line();
        }
    }
}
