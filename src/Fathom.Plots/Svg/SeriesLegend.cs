namespace Fathom.Plots.Svg;

/// <summary>The names of the series with their colours, in lines above the plot.</summary>
internal sealed class SeriesLegend
{
    private const double Size = 12;
    private readonly List<(double X, int Line, string Text, string Color, bool Repeats)> items = [];

    public SeriesLegend(Chart chart, double room)
    {
        if (!chart.HasLegend)
        {
            return;
        }

        var (x, line) = (0.0, 0);
        for (var s = 0; s < chart.Series.Count; s++)
        {
            var text = TextMetrics.Fit(VisibleText.Of(chart.Series[s].Name), Size, room - 24);
            var width = 20 + TextMetrics.Width(text, Size) + 14;
            if (x > 0 && x + width > room)
            {
                (x, line) = (0, line + 1);
            }

            items.Add((x, line, text, SeriesColors.Of(s), SeriesColors.Repeats(s)));
            x += width;
        }
    }

    public double Height => items.Count == 0 ? 0 : ((items[^1].Line + 1) * 19) + 8;

    public void Draw(SvgCanvas canvas, double x, double y)
    {
        foreach (var item in items)
        {
            canvas.Rect(x + item.X, y + (item.Line * 19) + 2, item.Repeats ? 4.5 : 11, 11, $"rx=\"{(item.Repeats ? "1" : "2.5")}\" fill=\"{item.Color}\"");
            if (item.Repeats)
            {
                canvas.Rect(x + item.X + 6.5, y + (item.Line * 19) + 2, 4.5, 11, $"rx=\"1\" fill=\"{item.Color}\"");
            }

            canvas.Text(x + item.X + 17, y + (item.Line * 19) + 12, item.Text, size: Size).Line();
        }
    }
}
