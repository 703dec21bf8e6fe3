using System.Globalization;
using System.Text;

namespace Fathom.Plots.Svg;

/// <summary>Points between two axes, joined by lines or not.</summary>
internal sealed class PointDrawing : IDrawing
{
    private const int MostCircles = 400;
    private const int MostVertices = 3000;
    private readonly Chart chart;
    private readonly NumericAxis xAxis;
    private readonly NumericAxis yAxis;
    private readonly Room room;
    private readonly int panel;
    private readonly Lazy<CartesianFrame> frame;
    private readonly SeriesLegend legend;

    public PointDrawing(Chart chart, NumericAxis x, NumericAxis y, Room? room, int panel)
    {
        (this.chart, xAxis, yAxis, this.panel) = (chart, x, y, panel);
        this.room = room ?? Room.Whole with { Height = 300 };
        frame = new(() => new(xAxis, yAxis, chart.XTitle, chart.YTitle, this.room, Labels));
        legend = new(chart, this.room.Width);
    }

    public bool Lines { get; init; }

    public bool Names { get; init; }

    public bool Diagonal { get; init; }

    public ValueList<string> Labels { get; init; } = [];

    public required Func<int, int, string> TextOf { get; init; }

    public double Width => frame.Value.Left + room.Width + frame.Value.Right;

    public double Height => legend.Height + 4 + room.Height + frame.Value.Bottom;

    public void Draw(SvgCanvas canvas, double x, double y)
    {
        var (left, top) = (x + frame.Value.Left, y + legend.Height + 4);
        legend.Draw(canvas, left, y);
        frame.Value.DrawBehind(canvas, left, top);
        if (Diagonal)
        {
            var (low, high) = (Math.Max(xAxis.Low, yAxis.Low), Math.Min(xAxis.High, yAxis.High));
            if (low < high)
            {
                canvas.Segment(left + frame.Value.X(low), top + frame.Value.Y(low), left + frame.Value.X(high), top + frame.Value.Y(high), "class=\"fl\" stroke=\"#8c959f\" stroke-dasharray=\"3 3\"").Line();
            }
        }

        for (var s = 0; s < chart.Series.Count; s++)
        {
            One(canvas, s, left, top);
        }

        if (Names)
        {
            PointNames(canvas, left, top);
        }

        frame.Value.DrawReferences(canvas, left, top, chart.References);
        canvas.Hit(left, top, room.Width, room.Height, panel, chart.Title ?? chart.Kind, frame.Value.HitData());
    }

    private void One(SvgCanvas canvas, int s, double left, double top)
    {
        var (series, color) = (chart.Series[s], SeriesColors.Of(s));
        List<(int Index, double X, double Y, char Pen)> points = [];
        var pen = 'M';
        for (var i = 0; i < series.Y.Count; i++)
        {
            if (!double.IsFinite(series.Y[i]) || !double.IsFinite(series.XAt(i)))
            {
                pen = 'M';
                continue;
            }

            points.Add((i, left + frame.Value.X(series.XAt(i)), top + Math.Clamp(frame.Value.Y(series.Y[i]), -1e4, 1e4), pen));
            pen = 'L';
        }

        if (Lines && points.Count > 1)
        {
            canvas.Raw($"<path d=\"{Path(points)}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{(points.Count > 200 ? "1.25" : "2")}\" stroke-linejoin=\"round\" stroke-linecap=\"round\"{(SeriesColors.Repeats(s) ? " stroke-dasharray=\"7 5\"" : "")}/>").Line();
        }

        if (points.Count > MostCircles)
        {
            if (!Lines)
            {
                canvas.Raw($"<path d=\"{string.Concat(points.Select(p => $"M{SvgCanvas.N(p.X)} {SvgCanvas.N(p.Y)}h0"))}\" stroke=\"{color}\" stroke-width=\"4\" stroke-opacity=\"0.55\" stroke-linecap=\"round\"/>").Line();
            }

            return;
        }

        foreach (var point in points)
        {
            var radius = !Lines ? 4 : points.Count <= 48 ? 3 : points.Count == 1 ? 3 : canvas.StandsAlone ? 2 : 0;
            if (radius > 0)
            {
                var attributes = Lines ? $"fill=\"{color}\"{(points.Count > 48 ? " fill-opacity=\"0\"" : "")}" : $"fill=\"{color}\" fill-opacity=\"{(SeriesColors.Repeats(s) ? "0.35" : "0.75")}\"";
                canvas.Circle(point.X, point.Y, radius, attributes, canvas.StandsAlone ? chart.Tooltip(s, point.Index, TextOf(s, point.Index)) : null);
            }
        }

        canvas.Line();
    }

    /// <summary>Names beside their points, outliers first; where there is no place left, the name stands under the pointer only.</summary>
    private void PointNames(SvgCanvas canvas, double left, double top)
    {
        var places = new FreePlaces();
        List<(double X, double Y, string Name)> points = [];
        foreach (var series in chart.Series.Where(s => s.PointNames.Count > 0 && s.Y.Count <= MostCircles))
        {
            for (var i = 0; i < series.Y.Count; i++)
            {
                if (double.IsFinite(series.Y[i]) && double.IsFinite(series.XAt(i)) && xAxis.Holds(series.XAt(i)) && yAxis.Holds(series.Y[i]))
                {
                    points.Add((left + frame.Value.X(series.XAt(i)), top + frame.Value.Y(series.Y[i]), series.PointNames[i]));
                    places.Take(points[^1].X - 4, points[^1].Y - 4, 8, 8);
                }
            }
        }

        var (x, y) = (left + (room.Width / 2), top + (room.Height / 2));
        foreach (var point in points.OrderByDescending(p => ((p.X - x) * (p.X - x)) + ((p.Y - y) * (p.Y - y))))
        {
            var width = TextMetrics.Width(VisibleText.Of(point.Name), 11);
            foreach (var (at, baseline) in new[] { (point.X + 7, point.Y + 4), (point.X - 7 - width, point.Y + 4), (point.X - (width / 2), point.Y - 8), (point.X - (width / 2), point.Y + 16) })
            {
                if (at >= left && at + width <= left + room.Width && baseline - 9 >= top && baseline + 3 <= top + room.Height && places.TryTake(at, baseline - 9, width, 12))
                {
                    canvas.Text(at, baseline, point.Name, size: 11);
                    break;
                }
            }
        }

        canvas.Line();
    }

    /// <summary>The points as a path; of thousands, those that make a difference: the first, lowest, highest and last of each half pixel.</summary>
    private static string Path(List<(int Index, double X, double Y, char Pen)> points)
    {
        var kept = points.Count <= MostVertices ? points : points.GroupBy(p => Math.Round(p.X * 2)).SelectMany(g => new[] { g.First(), g.MinBy(p => p.Y), g.MaxBy(p => p.Y), g.Last() }.Distinct().OrderBy(p => p.Index));
        var path = new StringBuilder();
        foreach (var point in kept)
        {
            path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? 'M' : point.Pen)}{SvgCanvas.N(point.X)} {SvgCanvas.N(point.Y)}");
        }

        return path.ToString();
    }
}
