using System.Text.Json.Serialization;
using Fathom.Plots.Colors;
using Fathom.Plots.Svg;
using Fathom.Plots.Terminal;

namespace Fathom.Plots;

/// <summary>A table of numbers as colours: layers by positions, layers by heads, queries by keys.</summary>
/// <remarks>The default palette is ColorBrewer's RdBu centred at 0, red negative and blue positive, spanning equal distances on both sides.
/// A cell without a finite value is hatched, never coloured.</remarks>
public sealed record HeatMap : Figure
{
    /// <summary>The values, <c>[row, column]</c>, first row at the top.</summary>
    public required Grid Values { get; init; }

    /// <summary>One label for each row, or empty for row numbers.</summary>
    public ValueList<string> RowLabels { get; init; } = [];

    /// <summary>One label for each column, or empty for column numbers.</summary>
    public ValueList<string> ColumnLabels { get; init; } = [];

    /// <summary>What the rows are, such as <c>Layer</c>.</summary>
    public string? RowTitle { get; init; }

    /// <summary>What the columns are, such as <c>Position</c>.</summary>
    public string? ColumnTitle { get; init; }

    /// <summary>What a value is and its unit, such as <c>Logit difference</c>.</summary>
    public string? ValueTitle { get; init; }

    /// <summary>The colours.</summary>
    public Palette Palette { get; init; } = Palette.RdBu;

    /// <summary>The value of the middle colour of a diverging palette.</summary>
    public double Center { get; init; }

    /// <summary>The low end of the colour bar; lower values get its colour. Null: from the values.</summary>
    public double? Minimum { get; init; }

    /// <summary>The high end of the colour bar; higher values get its colour. Null: from the values.</summary>
    public double? Maximum { get; init; }

    /// <summary>Cells no further from <see cref="Baseline"/> than this carry a dot: their difference is rounding, not effect. In the unit of the values.</summary>
    public double? NoiseFloor { get; init; }

    /// <summary>The value that means "nothing changed", from which <see cref="NoiseFloor"/> is measured. Null: <see cref="Center"/>.</summary>
    public double? Baseline { get; init; }

    /// <summary>More text for the hover box, one for each cell, row after row; or empty.</summary>
    public ValueList<string> HoverText { get; init; } = [];

    /// <summary>Digits after the decimal point where values are written. Null: four significant digits.</summary>
    public int? Decimals { get; init; }

    /// <summary>Whether each cell's value is written in it, where it fits.</summary>
    public bool ShowValues { get; init; }

    /// <summary>Whether cells are squares, as for an attention pattern.</summary>
    public bool SquareCells { get; init; }

    /// <summary>Whether row 0 is at the bottom, as layers are often drawn.</summary>
    public bool FirstRowAtBottom { get; init; }

    [JsonIgnore]
    internal override string Kind => "heat-map";

    internal string RowLabel(int row) => RowLabels.Count > 0 ? RowLabels[row] : Numbers.Whole(row);

    internal string ColumnLabel(int column) => ColumnLabels.Count > 0 ? ColumnLabels[column] : Numbers.Whole(column);

    /// <summary>Inside cells all numbers have the same number of decimals, enough for three digits of the largest.</summary>
    [JsonIgnore]
    internal int CellDecimals => Decimals ?? Numbers.DecimalsFor(Values.AsSpan());

    internal ColorScale Scale() => ColorScale.Over(Values.AsSpan(), Palette, Center, Minimum, Maximum);

    internal bool IsNoise(double value) => NoiseFloor is { } floor && double.IsFinite(value) && Math.Abs(value - (Baseline ?? Center)) <= floor;

    /// <summary>What the mark of noise means.</summary>
    internal string NoiseText => NoiseFloor is 0
        ? $"exactly {Numbers.Short(Baseline ?? Center)}: nothing moved"
        : $"within {Numbers.Short(NoiseFloor ?? 0)} of {Numbers.Short(Baseline ?? Center)}, the noise floor";

    internal override IDrawing Draw(string id, Room? room, int panel) => new HeatMapDrawing([this], Scale(), 1, room ?? Own, id, panel);

    /// <summary>Many cells get a larger plot, so that each can still be seen.</summary>
    private Room Own => new(
        Values.Columns > 100 ? Math.Clamp(Values.Columns * (Values.Columns > 160 ? 4 : 6), Room.Whole.Width, 1024) : Room.Whole.Width,
        Values.Rows > 60 ? Math.Clamp(Values.Rows * 5, Room.Whole.Height, 800) : Room.Whole.Height);

    internal override void Write(TerminalCanvas canvas) => HeatMapTerminal.Write(this, canvas);

    internal override FigureTable ToTable()
    {
        var table = new FigureTable(RowTitle ?? "row", ColumnTitle ?? "column", ValueTitle ?? "value");
        for (var row = 0; row < Values.Rows; row++)
        {
            for (var column = 0; column < Values.Columns; column++)
            {
                table.Add(RowLabel(row), ColumnLabel(column), Values[row, column]);
            }
        }

        return table;
    }

    internal override void Validate()
    {
        Check.NotNull(Values, nameof(Values));
        Check.Labels(RowLabels, Values.Rows, nameof(RowLabels), "rows");
        Check.Labels(ColumnLabels, Values.Columns, nameof(ColumnLabels), "columns");
        Check.Labels(HoverText, Values.AsSpan().Length, nameof(HoverText), "cells");
        Check.Range(Minimum, Maximum);
        Check.Finite(Center, nameof(Center));
        Check.NotNegative(NoiseFloor, nameof(NoiseFloor));
        Check.Finite(Baseline, nameof(Baseline));
        Check.Decimals(Decimals);
        Check.NotNull(Palette, nameof(Palette));
    }
}
