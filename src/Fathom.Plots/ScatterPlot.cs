using System.Text.Json.Serialization;
using Fathom.Plots.Svg;
using Fathom.Plots.Terminal;

namespace Fathom.Plots;

/// <summary>Points with names: one quantity against another.</summary>
public sealed record ScatterPlot : Chart
{
    /// <summary>Whether each point's name is written beside it; for few points.</summary>
    public bool ShowNames { get; init; }

    /// <summary>Whether the line y = x is drawn, on which two equal quantities lie.</summary>
    public bool ShowDiagonal { get; init; }

    /// <summary>Whether the horizontal axis is logarithmic.</summary>
    public bool LogX { get; init; }

    /// <summary>Whether the value axis is logarithmic.</summary>
    public bool LogY { get; init; }

    [JsonIgnore]
    internal override string Kind => "scatter-plot";

    internal override IDrawing Draw(string id, Room? room, int panel) => new PointDrawing(this, Axis(), ValueAxis(), room, panel)
    {
        Names = ShowNames,
        Diagonal = ShowDiagonal,
        TextOf = (s, i) => Numbers.Short(Series[s].XAt(i)),
    };

    internal override void Write(TerminalCanvas canvas) => PointTerminal.Write(this, Axis(), ValueAxis(), [], canvas);

    private protected override NumericAxis AxisOver(IEnumerable<double> values) => NumericAxis.Over(values, LogY, Minimum, Maximum, fromZero: false);

    internal override FigureTable ToTable()
    {
        var table = new FigureTable("series", "name", XTitle ?? "x", YTitle ?? "y");
        foreach (var series in Series)
        {
            for (var i = 0; i < series.Y.Count; i++)
            {
                table.Add(series.Name, series.PointNames.Count > 0 ? series.PointNames[i] : "", series.XAt(i), series.Y[i]);
            }
        }

        return table;
    }

    internal override void Validate()
    {
        base.Validate();
        RequirePositive(LogY, Series.SelectMany(s => s.Y).Concat(References.Select(r => r.Value)), "Series.Y");
        RequirePositive(LogX, Series.SelectMany(s => s.Y.Select((_, i) => s.XAt(i))), "Series.X");
    }

    private NumericAxis Axis() => NumericAxis.Over(Series.SelectMany(s => s.Y.Select((_, i) => s.XAt(i))), LogX, null, null, fromZero: false);
}
