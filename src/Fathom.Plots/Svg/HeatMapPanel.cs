using Fathom.Plots.Colors;

namespace Fathom.Plots.Svg;

/// <summary>One heat map with its labels, without a title or a colour bar; panels of the same figure stand in a row.</summary>
internal sealed class HeatMapPanel
{
    private const double LabelSize = 12;
    private const double LongestLabel = 190;
    private const double LongestLabelOfPanel = 110;
    private const double TitleRoom = 20;

    private readonly HeatMap map;
    private readonly string[] rows;
    private readonly CategoryLabels columns;
    private readonly bool showRows;
    private readonly bool showColumns;
    private readonly HeatMapCells cells;
    private readonly AxisTitle columnTitle;
    private readonly int index;

    public HeatMapPanel(HeatMap map, ColorScale scale, string hatch, int index, Room room, bool showRows = true, bool showColumns = true, bool asPicture = false, bool alone = true)
    {
        // Beside many small plots, long labels would take more room than the plots.
        var longest = alone ? LongestLabel : LongestLabelOfPanel;
        (this.map, this.showRows, this.showColumns, this.index) = (map, showRows, showColumns, index);
        (CellWidth, CellHeight) = CellSize(map, room);
        rows = [.. Enumerable.Range(0, map.Values.Rows).Select(r => TextMetrics.Fit(VisibleText.Of(map.RowLabel(r)), LabelSize, longest))];
        columns = new(Enumerable.Range(0, map.Values.Columns).Select(map.ColumnLabel), CellWidth, map.ColumnLabels.Count == 0, longest);
        Left = Math.Max(showRows ? TextMetrics.Widest(rows, LabelSize) + 8 + (map.RowTitle is null ? 0 : TitleRoom) : 0, showColumns ? columns.Left : 0);
        Right = showColumns ? columns.Right : 0;
        columnTitle = new(map.ColumnTitle, PlotWidth);
        Bottom = showColumns ? columns.Height + columnTitle.Thickness : 0;
        // A title longer than the plot is high reaches up: below stand the column labels.
        Top = showRows && map.RowTitle is { } title ? Math.Max(0, TextMetrics.Width(VisibleText.Of(title), LabelSize) - PlotHeight) : 0;
        cells = new(map, scale, CellWidth, CellHeight, hatch) { AlwaysPicture = asPicture };
    }

    public double CellWidth { get; }

    public double CellHeight { get; }

    public double PlotWidth => CellWidth * map.Values.Columns;

    public double PlotHeight => CellHeight * map.Values.Rows;

    /// <summary>Whether cells are large enough for the dot that marks noise.</summary>
    public bool ShowsNoise => cells.ShowsNoise;

    /// <summary>Room that a long row title needs above the plot.</summary>
    public double Top { get; }

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
        // White cells must not melt into a white page.
        canvas.Rect(x - 0.5, y - 0.5, PlotWidth, PlotHeight, "class=\"fg\" fill=\"none\" stroke=\"#d1d9e0\" pointer-events=\"none\"").Line();
        if (showRows)
        {
            RowLabels(canvas, x, y);
        }

        if (showColumns)
        {
            columns.Draw(canvas, x, y + PlotHeight);
            columnTitle.DrawUnder(canvas, x + (PlotWidth / 2), y + PlotHeight + Bottom - 1);
        }

        canvas.Hit(x, y, PlotWidth, PlotHeight, index, $"{map.Title ?? "Heat map"}: {Numbers.Whole(map.Values.Rows)} rows, {Numbers.Whole(map.Values.Columns)} columns");
    }

    private static (double Width, double Height) CellSize(HeatMap map, Room room)
    {
        var (rowCount, columnCount) = (map.Values.Rows, map.Values.Columns);
        var height = Math.Clamp(Math.Floor(room.Height / rowCount), rowCount > 512 ? 1 : 2, 30);
        var width = Math.Clamp(Math.Floor(room.Width / columnCount), columnCount > 512 ? 1 : 2, 56);
        if (map.ShowValues)
        {
            var label = TextMetrics.Widest(map.Values.AsSpan().ToArray().Select(v => Numbers.Short(v, map.CellDecimals)), 11);
            width = Math.Max(width, Math.Min(label + 8, 72));
        }

        return map.SquareCells ? (Math.Min(Math.Min(width, height), 30), Math.Min(Math.Min(width, height), 30)) : (width, height);
    }

    private void RowLabels(SvgCanvas canvas, double x, double y)
    {
        var stride = Ticks.Stride(rows, CellHeight, 13);
        for (var row = 0; row < rows.Length; row += stride)
        {
            var shown = map.FirstRowAtBottom ? rows.Length - 1 - row : row;
            canvas.Text(x - 7, y + ((shown + 0.5) * CellHeight) + 4, rows[row], "end", LabelSize).Line();
        }

        if (map.RowTitle is { } title)
        {
            canvas.Text(x - Left + 12, y + ((PlotHeight - Top) / 2), title, "middle", LabelSize, SvgCanvas.Muted, -90).Line();
        }
    }
}
