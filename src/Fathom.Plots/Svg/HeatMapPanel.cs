using Fathom.Plots.Colors;

namespace Fathom.Plots.Svg;

/// <summary>One heat map with its labels, without a title or a colour bar; panels of the same figure stand in a row.</summary>
internal sealed class HeatMapPanel
{
    private const double LabelSize = 12;
    private const double LongestLabel = 190;
    private const double TitleRoom = 20;

    private readonly HeatMap map;
    private readonly string[] rows;
    private readonly string[] columns;
    private readonly bool showRows;
    private readonly bool showColumns;
    private readonly double rotation;
    private readonly int columnStride;
    private readonly HeatMapCells cells;
    private readonly int index;

    public HeatMapPanel(HeatMap map, ColorScale scale, string hatch, int index, double roomX, double roomY, bool showRows = true, bool showColumns = true)
    {
        (this.map, this.showRows, this.showColumns, this.index) = (map, showRows, showColumns, index);
        rows = [.. Enumerable.Range(0, map.Values.Rows).Select(r => TextMetrics.Fit(map.RowLabel(r), LabelSize, LongestLabel))];
        columns = [.. Enumerable.Range(0, map.Values.Columns).Select(c => TextMetrics.Fit(map.ColumnLabel(c), LabelSize, LongestLabel))];
        (CellWidth, CellHeight) = CellSize(map, roomX, roomY);

        var widest = TextMetrics.Widest(columns, LabelSize);
        var flatStride = Ticks.Stride(columns.Length, CellWidth, widest + 8);
        // Numbers read well when every fifth is written; names only when all of them are.
        rotation = flatStride == 1 || (map.ColumnLabels.Count == 0 || widest < 24) ? 0 : CellWidth >= 19 ? -45 : -90;
        columnStride = rotation == 0 ? flatStride : Ticks.Stride(columns.Length, CellWidth, rotation == -45 ? 19 : 13);
        Left = showRows ? TextMetrics.Widest(rows, LabelSize) + 8 + (map.RowTitle is null ? 0 : TitleRoom) : 0;
        if (rotation == -45 && showColumns)
        {
            // A slanted label leans out to the left of its own column.
            var lean = columns.Select((label, c) => (TextMetrics.Width(label, LabelSize) * 0.71) - ((c + 0.5) * CellWidth)).DefaultIfEmpty().Max();
            Left = Math.Max(Left, lean + 4);
        }

        if (rotation == 0 && showColumns && columns.Length > 0)
        {
            var last = (columns.Length - 1) / columnStride * columnStride;
            Left = Math.Max(Left, (TextMetrics.Width(columns[0], LabelSize) - CellWidth) / 2);
            Right = Math.Max(0, (TextMetrics.Width(columns[last], LabelSize) / 2) - ((columns.Length - last - 0.5) * CellWidth));
        }

        Bottom = showColumns ? LabelRoom(widest) + (map.ColumnTitle is null ? 0 : TitleRoom) : 0;
        cells = new(map, scale, CellWidth, CellHeight, hatch);
    }

    public double CellWidth { get; }

    public double CellHeight { get; }

    public double PlotWidth => CellWidth * map.Values.Columns;

    public double PlotHeight => CellHeight * map.Values.Rows;

    /// <summary>Room for row labels, left of the plot.</summary>
    public double Left { get; }

    /// <summary>Room that the last column label needs beyond the plot.</summary>
    public double Right { get; }

    /// <summary>Room for column labels, under the plot.</summary>
    public double Bottom { get; }

    /// <summary>Draws the panel with the plot's upper left corner at a place.</summary>
    public void Draw(SvgCanvas canvas, double x, double y)
    {
        cells.Draw(canvas, x, y);
        if (showRows)
        {
            RowLabels(canvas, x, y);
        }

        if (showColumns)
        {
            ColumnLabels(canvas, x, y);
        }

        if (!canvas.StandsAlone)
        {
            var label = SvgCanvas.Escape($"{map.Title ?? "Heat map"}: {map.Values.Rows} rows, {map.Values.Columns} columns. Arrow keys move between cells.");
            canvas.Rect(x, y, PlotWidth, PlotHeight, $"class=\"fathom-hit\" data-panel=\"{index}\" tabindex=\"0\" role=\"application\" aria-label=\"{label}\" fill=\"none\" pointer-events=\"all\"").Line();
        }
    }

    private static (double Width, double Height) CellSize(HeatMap map, double roomX, double roomY)
    {
        var (rowCount, columnCount) = (map.Values.Rows, map.Values.Columns);
        var height = Math.Clamp(Math.Floor(roomY / rowCount), 2, 30);
        var width = Math.Clamp(Math.Floor(roomX / columnCount), columnCount > 512 ? 1 : 2, 56);
        if (map.ShowValues)
        {
            var label = TextMetrics.Widest(map.Values.AsSpan().ToArray().Select(v => Numbers.Short(v, map.CellDecimals)), 11);
            width = Math.Max(width, Math.Min(label + 8, 72));
        }

        if (map.SquareCells)
        {
            var side = Math.Clamp(Math.Min(width, height), 1, 30);
            return (side, side);
        }

        return (width, rowCount > 512 ? Math.Max(1, Math.Min(height, 2)) : height);
    }

    private double LabelRoom(double widest) => rotation switch
    {
        0 => 20,
        -45 => (widest * 0.71) + 18,
        _ => widest + 12,
    };

    private void RowLabels(SvgCanvas canvas, double x, double y)
    {
        var stride = Ticks.Stride(rows.Length, CellHeight, 13);
        for (var row = 0; row < rows.Length; row += stride)
        {
            var shown = map.FirstRowAtBottom ? rows.Length - 1 - row : row;
            canvas.Text(x - 7, y + ((shown + 0.5) * CellHeight) + 4, rows[row], "end", LabelSize).Line();
        }

        if (map.RowTitle is { } title)
        {
            canvas.Text(x - Left + 12, y + (PlotHeight / 2), TextMetrics.Fit(title, LabelSize, Math.Max(PlotHeight, 44)), "middle", LabelSize, "class=\"fm\" fill=\"#59636e\"", -90).Line();
        }
    }

    private void ColumnLabels(SvgCanvas canvas, double x, double y)
    {
        var bottom = y + PlotHeight;
        for (var column = 0; column < columns.Length; column += columnStride)
        {
            var middle = x + ((column + 0.5) * CellWidth);
            _ = rotation switch
            {
                0 => canvas.Text(middle, bottom + 16, columns[column], "middle", LabelSize),
                -45 => canvas.Text(middle + 4, bottom + 13, columns[column], "end", LabelSize, "class=\"ft\"", -45),
                _ => canvas.Text(middle + 4, bottom + 7, columns[column], "end", LabelSize, "class=\"ft\"", -90),
            };
            canvas.Line();
        }

        if (map.ColumnTitle is { } title)
        {
            canvas.Text(x + (PlotWidth / 2), bottom + Bottom - 5, title, "middle", LabelSize, "class=\"fm\" fill=\"#59636e\"").Line();
        }
    }
}
