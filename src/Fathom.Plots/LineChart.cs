using System.Text.Json.Serialization;
using Fathom.Plots.Svg;
using Fathom.Plots.Terminal;

namespace Fathom.Plots;

/// <summary>Values along an axis: a metric over layers, a loss over steps.</summary>
public sealed record LineChart : Chart
{
    /// <summary>A label for each position 0, 1, 2, … of the horizontal axis, such as layers or tokens; or empty for a scale of numbers.</summary>
    public ValueList<string> XLabels { get; init; } = [];

    /// <summary>Whether the horizontal axis is logarithmic.</summary>
    public bool LogX { get; init; }

    /// <summary>Whether the value axis is logarithmic.</summary>
    public bool LogY { get; init; }

    [JsonIgnore]
    internal override string Kind => "line-chart";

    internal string XText(int series, int index) => XLabels.Count > 0 ? XLabels[(int)Series[series].XAt(index)] : Numbers.Short(Series[series].XAt(index));

    internal override IDrawing Draw(string id, Room? room, int panel) => new PointDrawing(this, Axis(LogX), ValueAxis(), room, panel)
    {
        Lines = true,
        Labels = XLabels,
        TextOf = XText,
    };

    internal override void Write(TerminalCanvas canvas) => PointTerminal.Write(this, Axis(LogX), ValueAxis(), XLabels, canvas);

    private protected override NumericAxis AxisOver(IEnumerable<double> values) => NumericAxis.Over(values, LogY, Minimum, Maximum, fromZero: false);

    internal override FigureTable ToTable()
    {
        var table = new FigureTable("series", XTitle ?? "x", YTitle ?? "y");
        for (var s = 0; s < Series.Count; s++)
        {
            for (var i = 0; i < Series[s].Y.Count; i++)
            {
                table.Add(Series[s].Name, XLabels.Count > 0 ? XText(s, i) : Series[s].XAt(i), Series[s].Y[i]);
            }
        }

        return table;
    }

    internal override void Validate()
    {
        base.Validate();
        RequirePositive(LogY, Series.SelectMany(s => s.Y).Concat(References.Select(r => r.Value)), "Series.Y");
        RequirePositive(LogX, Series.SelectMany(s => s.Y.Select((_, i) => s.XAt(i))), "Series.X");
        Check.NotNull(XLabels, nameof(XLabels));
        if (XLabels.Count > 0 && Series.Any(s => Enumerable.Range(0, s.Y.Count).Any(i => s.XAt(i) < 0 || s.XAt(i) >= XLabels.Count || s.XAt(i) != Math.Floor(s.XAt(i)))))
        {
            throw new FigureDataException(nameof(XLabels), "a label for each position", $"{XLabels.Count} labels and a point elsewhere", "Give one label for each of 0, 1, 2, … up to the last point.");
        }
    }

    private NumericAxis Axis(bool logarithmic) => XLabels.Count > 0
        ? NumericAxis.Exactly(-0.5, XLabels.Count - 0.5)
        : NumericAxis.Over(Series.SelectMany(s => s.Y.Select((_, i) => s.XAt(i))), logarithmic, null, null, fromZero: false);
}
