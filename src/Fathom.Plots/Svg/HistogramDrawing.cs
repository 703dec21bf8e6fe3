namespace Fathom.Plots.Svg;

/// <summary>Bars that touch, one for each range of values.</summary>
internal sealed class HistogramDrawing : IDrawing
{
    private readonly Histogram figure;
    private readonly BinCounts counts;
    private readonly Room room;
    private readonly CartesianFrame frame;
    private readonly int panel;

    public HistogramDrawing(Histogram figure, BinCounts counts, Room? room, int panel)
    {
        (this.figure, this.counts, this.panel) = (figure, counts, panel);
        this.room = room ?? Room.Whole with { Height = 260 };
        var x = NumericAxis.Exactly(counts.Low, counts.Low + (counts.Width * counts.Counts.Count));
        var y = NumericAxis.Over(counts.Counts.Select(c => (double)c), false, null, null, fromZero: true);
        frame = new(x, y, figure.XTitle, figure.YTitle ?? "Count", this.room, []);
    }

    public double Width => frame.Left + room.Width + frame.Right;

    public double Height => 4 + room.Height + frame.Bottom + (counts.Missing > 0 ? 18 : 0);

    public void Draw(SvgCanvas canvas, double x, double y)
    {
        var (left, top) = (x + frame.Left, y + 4);
        frame.DrawBehind(canvas, left, top);
        var pitch = room.Width / counts.Counts.Count;
        for (var bin = 0; bin < counts.Counts.Count; bin++)
        {
            var count = counts.Counts[bin];
            if (count > 0)
            {
                var tooltip = $"{figure.XTitle ?? "Value"}: {counts.Label(bin)}\n{figure.YTitle ?? "Count"}: {Numbers.Whole(count)}";
                canvas.Rect(left + (bin * pitch), top + frame.Y(count), Math.Max(0.5, pitch - (pitch > 4 ? 1 : 0)), frame.Y(0) - frame.Y(count), $"fill=\"{SeriesColors.Of(0)}\"", canvas.StandsAlone ? tooltip : null);
            }
        }

        canvas.Line();
        if (counts.Missing > 0)
        {
            canvas.Text(left, y + Height - 4, $"{Numbers.Whole(counts.Missing)} of {Numbers.Whole(figure.Values.Count)} values are not finite", size: 11, attributes: SvgCanvas.Muted).Line();
        }

        var data = $"data-bands=\"x\" data-low=\"{Numbers.Exact(counts.Low)}\" data-width=\"{Numbers.Exact(counts.Width)}\" data-counts=\"{string.Join(' ', counts.Counts.Select(Numbers.Whole))}\" ";
        canvas.Hit(left, top, room.Width, room.Height, panel, figure.Title ?? figure.Kind, data);
    }
}
