using System.Text.Json.Serialization;
using Fathom.Plots.Svg;
using Fathom.Plots.Terminal;

namespace Fathom.Plots;

/// <summary>How often values fall into ranges of equal width.</summary>
public sealed record Histogram : Figure
{
    /// <summary>The values; those that are not finite are counted in a note, not drawn.</summary>
    public required ValueList<double> Values { get; init; }

    /// <summary>The number of ranges. Null: from the values, by the rule of Freedman and Diaconis.</summary>
    public int? Bins { get; init; }

    /// <summary>What a value is and its unit.</summary>
    public string? XTitle { get; init; }

    /// <summary>What is counted.</summary>
    public string? YTitle { get; init; }

    [JsonIgnore]
    internal override string Kind => "histogram";

    internal override IDrawing Draw(string id, Room? room, int panel) => new HistogramDrawing(this, Counted(), room, panel);

    internal override void Write(TerminalCanvas canvas)
    {
        var counts = Counted();
        var bars = new BarChart
        {
            Series = [new("", [.. counts.Counts.Select(c => (double)c)])],
            Categories = [.. Enumerable.Range(0, counts.Counts.Count).Select(counts.Label)],
            XTitle = XTitle,
            YTitle = YTitle ?? "count",
        };
        bars.Write(canvas);
        if (counts.Missing > 0)
        {
            canvas.Paragraph($"{Numbers.Whole(counts.Missing)} of {Numbers.Whole(Values.Count)} values are not finite");
        }
    }

    internal override FigureTable ToTable()
    {
        var table = new FigureTable(XTitle ?? "value");
        foreach (var value in Values)
        {
            table.Add(value);
        }

        return table;
    }

    internal override void Validate()
    {
        Check.NotNull(Values, nameof(Values));
        Check.NotEmpty(Values.Count, nameof(Values));
        if (Bins is < 1 or > 1000)
        {
            throw new FigureDataException(nameof(Bins), "1 to 1000", $"{Bins}", "Leave it out to take it from the values.");
        }
    }

    private BinCounts Counted() => BinCounts.Of(Values.AsSpan(), Bins);
}
