namespace Fathom.Plots.Svg;

/// <summary>Bars on categories, upright or lying.</summary>
internal sealed class BarDrawing : IDrawing
{
    private readonly BarChart chart;
    private readonly NumericAxis axis;
    private readonly Room room;
    private readonly int panel;
    private readonly SeriesLegend legend;
    private readonly CartesianFrame? upright;
    private readonly IReadOnlyList<(double Value, string Label)> ticks = [];
    private readonly string[] names;
    private readonly double left;
    private readonly AxisTitle valueTitle;
    private readonly AxisTitle categoryTitle;

    public BarDrawing(BarChart chart, NumericAxis axis, Room? given, int panel)
    {
        (this.chart, this.axis, this.panel) = (chart, axis, panel);
        var count = chart.Series[0].Y.Count;
        names = [.. Enumerable.Range(0, count).Select(chart.Category)];
        room = given ?? Room.Whole with { Height = 280 };
        (valueTitle, categoryTitle) = (new(chart.YTitle, room.Width), new(chart.XTitle, count * 18));
        if (chart.Horizontal)
        {
            room = room with { Height = count * Math.Max(18, Math.Min(26, 12 * chart.Series.Count)) };
            names = [.. names.Select(n => TextMetrics.Fit(VisibleText.Of(n), 12, 320))];
            ticks = axis.Ticks((int)Math.Clamp(room.Width / 80, 2, 10));
            left = TextMetrics.Widest(names, 12) + 10 + categoryTitle.Thickness;
        }
        else
        {
            upright = new(NumericAxis.Exactly(-0.5, count - 0.5), axis, chart.XTitle, chart.YTitle, room, names);
            left = upright.Left;
        }

        legend = new(chart, room.Width);
    }

    public double Width => left + room.Width + (upright?.Right ?? 14);

    public double Height => legend.Height + 4 + room.Height + (upright?.Bottom ?? 22 + valueTitle.Thickness);

    public void Draw(SvgCanvas canvas, double x, double y)
    {
        var (plotX, plotY) = (x + left, y + legend.Height + 4);
        legend.Draw(canvas, plotX, y);
        if (upright is null)
        {
            Axes(canvas, x, plotX, plotY);
        }

        upright?.DrawBehind(canvas, plotX, plotY);
        Bars(canvas, plotX, plotY);
        upright?.DrawReferences(canvas, plotX, plotY, chart.References);
        canvas.Hit(plotX, plotY, room.Width, room.Height, panel, chart.Title ?? chart.Kind, $"data-bands=\"{(chart.Horizontal ? "y" : "x")}\" ");
    }

    private void Bars(SvgCanvas canvas, double plotX, double plotY)
    {
        var along = chart.Horizontal ? room.Height : room.Width;
        var across = chart.Horizontal ? room.Width : room.Height;
        var pitch = along / names.Length;
        var gap = Math.Min(pitch * 0.2, 14);
        var thick = (pitch - gap) / chart.Series.Count;
        var zero = Math.Clamp(axis.Position(0), 0, 1);
        for (var s = 0; s < chart.Series.Count; s++)
        {
            for (var i = 0; i < names.Length; i++)
            {
                var value = chart.Series[s].Y[i];
                if (!double.IsFinite(value))
                {
                    continue;
                }

                var end = Math.Clamp(axis.Position(value), 0, 1);
                var (from, to) = (Math.Min(zero, end) * across, Math.Max(zero, end) * across);
                var start = (i * pitch) + (gap / 2) + (s * thick);
                var attributes = $"fill=\"{chart.ColorOf(s, value)}\"{(thick > 6 ? " rx=\"1.5\"" : "")}{(SeriesColors.Repeats(s) ? " fill-opacity=\"0.5\"" : "")}";
                var tooltip = canvas.StandsAlone ? chart.Tooltip(s, i, chart.Category(i)) : null;
                var inset = thick > 4 && chart.Series.Count > 1 ? 1 : 0;
                _ = chart.Horizontal
                    ? canvas.Rect(plotX + from, plotY + start, to - from, thick - inset, attributes, tooltip)
                    : canvas.Rect(plotX + start, plotY + across - to, thick - inset, to - from, attributes, tooltip);
            }

            canvas.Line();
        }
    }

    private void Axes(SvgCanvas canvas, double x, double plotX, double plotY)
    {
        foreach (var (value, label) in ticks)
        {
            var at = plotX + (axis.Position(value) * room.Width);
            canvas.Segment(at, plotY, at, plotY + room.Height, value == 0 ? "class=\"fl\" stroke=\"#8c959f\"" : "class=\"fg\" stroke=\"#e4e8ec\"");
            canvas.Text(at, plotY + room.Height + 16, label, "middle", 11).Line();
        }

        for (var i = 0; i < names.Length; i++)
        {
            canvas.Text(plotX - 8, plotY + ((i + 0.5) * room.Height / names.Length) + 4, names[i], "end", 12).Line();
        }

        foreach (var reference in chart.References.Where(r => axis.Holds(r.Value)))
        {
            var at = plotX + (axis.Position(reference.Value) * room.Width);
            canvas.Segment(at, plotY, at, plotY + room.Height, "class=\"fl\" stroke=\"#6e7781\" stroke-width=\"1.2\" stroke-dasharray=\"5 4\"");
            canvas.Text(at + 5, plotY + 11, reference.Label, size: 11, attributes: SvgCanvas.Muted).Line();
        }

        valueTitle.DrawUnder(canvas, plotX + (room.Width / 2), plotY + room.Height + 22 + valueTitle.Thickness);
        categoryTitle.DrawBeside(canvas, x, plotY + (room.Height / 2));
    }
}
