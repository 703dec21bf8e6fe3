namespace Fathom.Plots.Svg;

/// <summary>Two axes with grid lines, tick labels and titles; the marks are drawn between them.</summary>
internal sealed class CartesianFrame
{
    private const double TickSize = 11;
    private readonly NumericAxis x;
    private readonly NumericAxis y;
    private readonly string? xTitle;
    private readonly string? yTitle;
    private readonly CategoryLabels? labels;
    private readonly IReadOnlyList<(double Value, string Label)> xTicks;
    private readonly IReadOnlyList<(double Value, string Label)> yTicks;

    public CartesianFrame(NumericAxis x, NumericAxis y, string? xTitle, string? yTitle, Room room, ValueList<string> xLabels)
    {
        (this.x, this.y, this.xTitle, this.yTitle) = (x, y, xTitle, yTitle);
        (PlotWidth, PlotHeight) = (room.Width, room.Height);
        yTicks = y.Ticks((int)Math.Clamp(room.Height / 44, 2, 8));
        xTicks = x.Ticks((int)Math.Clamp(room.Width / 80, 2, 10));
        labels = xLabels.Count == 0 ? null : new(xLabels, room.Width / xLabels.Count, areNumbers: false);
        Left = Math.Max(TextMetrics.Widest(yTicks.Select(t => t.Label), TickSize) + 10 + (yTitle is null ? 0 : 20), labels?.Left ?? 12);
        Right = Math.Max(labels?.Right ?? 0, 14);
        Bottom = (labels?.Height ?? 20) + (xTitle is null ? 0 : 20);
    }

    public double PlotWidth { get; }

    public double PlotHeight { get; }

    public double Left { get; }

    public double Right { get; }

    public double Bottom { get; }

    public double X(double value) => x.Position(value) * PlotWidth;

    public double Y(double value) => (1 - y.Position(value)) * PlotHeight;

    public void DrawBehind(SvgCanvas canvas, double left, double top)
    {
        foreach (var (value, label) in yTicks)
        {
            var at = top + Y(value);
            canvas.Segment(left, at, left + PlotWidth, at, value == 0 ? "class=\"fl\" stroke=\"#8c959f\"" : "class=\"fg\" stroke=\"#e4e8ec\"");
            canvas.Text(left - 8, at + 4, label, "end", TickSize).Line();
        }

        if (labels is null)
        {
            foreach (var (value, label) in xTicks)
            {
                var at = left + X(value);
                canvas.Segment(at, top, at, top + PlotHeight, "class=\"fg\" stroke=\"#e4e8ec\"");
                canvas.Text(at, top + PlotHeight + 16, label, "middle", TickSize).Line();
            }
        }

        labels?.Draw(canvas, left, top + PlotHeight);
        canvas.Segment(left, top + PlotHeight, left + PlotWidth, top + PlotHeight, "class=\"fl\" stroke=\"#8c959f\"").Line();
        if (xTitle is not null)
        {
            canvas.Text(left + (PlotWidth / 2), top + PlotHeight + Bottom - 4, xTitle, "middle", 12, SvgCanvas.Muted).Line();
        }

        if (yTitle is not null)
        {
            canvas.Text(left - Left + 12, top + (PlotHeight / 2), TextMetrics.Fit(yTitle, 12, Math.Max(PlotHeight, 60)), "middle", 12, SvgCanvas.Muted, -90).Line();
        }
    }

    public void DrawReferences(SvgCanvas canvas, double left, double top, ValueList<ReferenceLine> references)
    {
        foreach (var reference in references.Where(r => y.Holds(r.Value)))
        {
            var at = top + Y(reference.Value);
            canvas.Segment(left, at, left + PlotWidth, at, "class=\"fl\" stroke=\"#6e7781\" stroke-width=\"1.2\" stroke-dasharray=\"5 4\"");
            canvas.Text(left + PlotWidth - 4, at + (at - top < 16 ? 13 : -5), reference.Label, "end", 11, SvgCanvas.Muted).Line();
        }
    }

    /// <summary>What the viewer needs to turn a pointer's place into values.</summary>
    public string HitData() => FormattableString.Invariant($"data-x0=\"{x.Low:R}\" data-x1=\"{x.High:R}\" data-y0=\"{y.Low:R}\" data-y1=\"{y.High:R}\" data-log=\"{(x.Logarithmic ? "x" : "")}{(y.Logarithmic ? "y" : "")}\" ");
}
