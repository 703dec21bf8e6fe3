using System.Text.Json.Serialization;
using Fathom.Plots.Svg;
using Fathom.Plots.Terminal;

namespace Fathom.Plots;

/// <summary>A bar for each category: attributions by head, probabilities by token.</summary>
public sealed record BarChart : Chart
{
    /// <summary>The categories' names, or empty for numbers.</summary>
    public ValueList<string> Categories { get; init; } = [];

    /// <summary>Whether bars grow to the right, which leaves room for long names.</summary>
    public bool Horizontal { get; init; }

    /// <summary>Whether bars are blue above 0 and red below instead of having their series's colour.</summary>
    public bool ColorBySign { get; init; }

    [JsonIgnore]
    internal override string Kind => "bar-chart";

    internal string Category(int index) => Categories.Count > 0 ? Categories[index] : Numbers.Whole(index);

    internal string ColorOf(int series, double value) => ColorBySign ? (value < 0 ? "#d6604d" : "#4393c3") : SeriesColors.Of(series);

    internal override IDrawing Draw(string id, Room? room, int panel) => new BarDrawing(this, ValueAxis(), room, panel);

    internal override void Write(TerminalCanvas canvas) => BarTerminal.Write(this, ValueAxis(), canvas);

    private protected override NumericAxis AxisOver(IEnumerable<double> values) => NumericAxis.Over(values, logarithmic: false, Minimum, Maximum, fromZero: true);

    internal override FigureTable ToTable()
    {
        var table = new FigureTable("series", XTitle ?? "category", YTitle ?? "value");
        foreach (var series in Series)
        {
            for (var i = 0; i < series.Y.Count; i++)
            {
                table.Add(series.Name, Category(i), series.Y[i]);
            }
        }

        return table;
    }

    internal override void Validate()
    {
        base.Validate();
        for (var s = 0; s < Series.Count; s++)
        {
            Check.Count(Series[s].Y.Count, Series[0].Y.Count, $"Series[{s}].Y", "categories");
            if (Series[s].X.Count > 0)
            {
                throw new FigureDataException($"Series[{s}].X", "nothing, since bars stand on categories", $"{Series[s].X.Count} numbers", "Use a LineChart or a ScatterPlot for positions.");
            }
        }

        Check.Labels(Categories, Series[0].Y.Count, nameof(Categories), "values");
    }
}
