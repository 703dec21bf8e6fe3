using Fathom.Plots.Colors;

namespace Fathom.Plots.Terminal;

/// <summary>Heat maps of one scale as lines: numbers on coloured ground while they fit, coloured blocks or shade characters when not. Panels with the same labels stand side by side.</summary>
internal sealed class HeatMapTerminal
{
    private const int Gap = 2;
    private readonly IReadOnlyList<HeatMap> maps;
    private readonly ColorScale scale;
    private readonly TerminalCanvas canvas;
    private readonly CellTexts cells;
    private readonly ColumnHeader header;
    private readonly string[] labels;
    private readonly int labelWidth;

    private HeatMapTerminal(IReadOnlyList<HeatMap> maps, ColorScale scale, TerminalCanvas canvas)
    {
        (this.maps, this.scale, this.canvas) = (maps, scale, canvas);
        labels = [.. Enumerable.Range(0, First.Values.Rows).Select(r => VisibleText.Of(First.RowLabel(r)))];
        labelWidth = Math.Min(labels.Max(CharWidth.Of), Math.Max(6, canvas.Width / 3));
        cells = new(maps, scale, canvas, canvas.Width - labelWidth - 1);
        header = new(First, cells);
    }

    private HeatMap First => maps[0];

    private int Room => canvas.Width - labelWidth - 1;

    public static void Write(HeatMap map, TerminalCanvas canvas) => Write([map], map.Scale(), canvas);

    /// <summary>Writes panels of one scale.</summary>
    /// <param name="maps">The panels; a single one has no title of its own.</param>
    /// <param name="scale">Their colours.</param>
    /// <param name="canvas">Where to.</param>
    public static void Write(IReadOnlyList<HeatMap> maps, ColorScale scale, TerminalCanvas canvas)
    {
        var alike = maps.All(m => m.Values.Rows == maps[0].Values.Rows && m.Values.Columns == maps[0].Values.Columns && m.RowLabels.Equals(maps[0].RowLabels) && m.ColumnLabels.Equals(maps[0].ColumnLabels));
        foreach (var together in alike ? [maps] : maps.Select(m => (IReadOnlyList<HeatMap>)[m]))
        {
            new HeatMapTerminal(together, scale, canvas).WriteAll(titled: maps.Count > 1);
        }
    }

    private void WriteAll(bool titled)
    {
        if (First.RowTitle is not null || First.ColumnTitle is not null)
        {
            var axes = First.Values.Rows == 1 && First.RowTitle is null ? $"{First.ColumnTitle} across" : $"{First.RowTitle ?? "rows"} down, {First.ColumnTitle ?? "columns"} across";
            canvas.DimParagraph($"{axes}{(First.ValueTitle is { } what ? $": {what}" : "")}");
        }

        var columns = First.Values.Columns;
        var panel = columns * cells.Width;
        var perRow = Math.Clamp((Room + Gap) / (panel + Gap), 1, maps.Count);
        var band = Math.Max(1, Room / cells.Width);
        foreach (var row in maps.Chunk(perRow))
        {
            if (titled)
            {
                canvas.End();
            }

            for (var first = 0; first < columns; first += band)
            {
                Band(row, first, Math.Min(columns, first + band), titled);
            }
        }

        Legend();
    }

    private void Band(HeatMap[] panels, int first, int last, bool titled)
    {
        var width = (last - first) * cells.Width;
        if (titled)
        {
            Line("", panels, p => canvas.Bold(CharWidth.Fit(VisibleText.Of(panels[p].Title ?? ""), panels.Length == 1 ? Room : width)));
        }

        for (var line = 0; line < header.Lines; line++)
        {
            Line("", panels, _ => header.Write(canvas, line, first, last));
        }

        for (var row = 0; row < First.Values.Rows; row++)
        {
            var shown = First.FirstRowAtBottom ? First.Values.Rows - 1 - row : row;
            Line(labels[shown], panels, p =>
            {
                for (var column = first; column < last; column++)
                {
                    cells.Write(canvas, panels[p], panels[p].Values[shown, column]);
                }
            });
        }
    }

    private void Line(string label, HeatMap[] panels, Action<int> write)
    {
        canvas.Append(CharWidth.Fit(label, labelWidth, right: true)).Append(" ");
        for (var p = 0; p < panels.Length; p++)
        {
            canvas.Append(p > 0 ? new string(' ', Gap) : "");
            write(p);
        }

        canvas.End();
    }

    private void Legend()
    {
        if (!cells.AreNumbers && scale.HasValues)
        {
            if (canvas.HasColor)
            {
                canvas.Append(Numbers.Short(scale.Low)).Append(" ");
                for (var i = 0; i <= 8; i++)
                {
                    canvas.Cell("  ", scale.At(scale.Low + (i * (scale.High - scale.Low) / 8)));
                }

                canvas.Append(" ").Append(Numbers.Short(scale.High)).End();
            }
            else
            {
                canvas.Paragraph(scale.Palette.IsDiverging
                    ? $"1-9 above {Numbers.Short(First.Center)} up to {Numbers.Short(scale.High)}, a-i below it down to {Numbers.Short(scale.Low)}, . at it, ? no value"
                    : $"' ' {Numbers.Short(scale.Low)}  .:-=+*#%  @ {Numbers.Short(scale.High)}  ? no value");
            }
        }

        if (header.Legend is { } names)
        {
            canvas.Paragraph(names);
        }

        if (First.NoiseFloor is not null && cells.MarksNoise && maps.Any(m => m.Values.AsSpan().ToArray().Any(m.IsNoise)))
        {
            canvas.Paragraph($"· {First.NoiseText}");
        }
    }
}
