namespace Fathom.Plots.Svg;

/// <summary>Two axes with grid lines, tick labels and titles; the marks are drawn between them.</summary>
internal sealed class CartesianFrame
{
    private const double TickSize = 11;
    private readonly NumericAxis x;
    private readonly NumericAxis y;
    private readonly AxisTitle xTitle;
    private readonly AxisTitle yTitle;
    private readonly CategoryLabels? labels;
    private readonly IReadOnlyList<(double Value, string Label)> xTicks;
    private readonly IReadOnlyList<(double Value, string Label)> yTicks;

    public CartesianFrame(NumericAxis x, NumericAxis y, string? xTitle, string? yTitle, Room room, ValueList<string> xLabels)
    {
        (this.x, this.y, this.xTitle, this.yTitle) = (x, y, new(xTitle, room.Width), new(yTitle, room.Height));
        (PlotWidth, PlotHeight) = (room.Width, room.Height);
        yTicks = y.Ticks((int)Math.Clamp(room.Height / 44, 2, 8));
        xTicks = x.Ticks((int)Math.Clamp(room.Width / 80, 2, 10));
        labels = xLabels.Count == 0 ? null : new(xLabels, room.Width / xLabels.Count, areNumbers: false);
        Left = Math.Max(TextMetrics.Widest(yTicks.Select(t => t.Label), TickSize) + 10 + this.yTitle.Thickness, labels?.Left ?? 12);
        Right = Math.Max(labels?.Right ?? 0, 14);
        Bottom = (labels?.Height ?? 20) + this.xTitle.Thickness;
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
        xTitle.DrawUnder(canvas, left + (PlotWidth / 2), top + PlotHeight + Bottom);
        yTitle.DrawBeside(canvas, left - Left, top + (PlotHeight / 2));
    }

    public void DrawReferences(SvgCanvas canvas, double left, double top, ValueList<ReferenceLine> references)
    {
        var places = new FreePlaces();
        foreach (var reference in references.Where(r => y.Holds(r.Value)))
        {
            var at = top + Y(reference.Value);
            canvas.Segment(left, at, left + PlotWidth, at, "class=\"fl\" stroke=\"#6e7781\" stroke-width=\"1.2\" stroke-dasharray=\"5 4\"");
            // Above the line, or under it, or further left: names of neighbours do not cover each other.
            var label = TextMetrics.Fit(reference.Label, 11, PlotWidth - 8);
            var width = TextMetrics.Width(label, 11);
            var end = left + PlotWidth - 4;
            (double X, double Y)[] spots = [.. Enumerable.Range(0, 8).SelectMany(i => new[] { (X: end - (i * PlotWidth / 8), Y: at - 5), (X: end - (i * PlotWidth / 8), Y: at + 13) }).Where(s => s.Y - 11 >= top && s.X - width >= left)];
            var free = Array.FindIndex(spots, s => places.TryTake(s.X - width, s.Y - 10, width + 6, 13));
            var (labelX, baseline) = free >= 0 ? spots[free] : (end, at + 13);
            canvas.Text(labelX, baseline, label, "end", 11, SvgCanvas.Muted).Line();
        }
    }

    /// <summary>What the viewer needs to turn a pointer's place into values.</summary>
    public string HitData() => FormattableString.Invariant($"data-x0=\"{x.Low:R}\" data-x1=\"{x.High:R}\" data-y0=\"{y.Low:R}\" data-y1=\"{y.High:R}\" data-log=\"{(x.Logarithmic ? "x" : "")}{(y.Logarithmic ? "y" : "")}\" ");
}
