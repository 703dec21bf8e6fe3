using Fathom.Plots.Colors;

namespace Fathom.Plots.Svg;

/// <summary>Heat maps of one scale in rows and columns, their colour bar and the legend of their marks; one heat map is the simplest case.</summary>
internal sealed class HeatMapDrawing : IDrawing
{
    private const double Gutter = 22;
    private const int MostRectangles = 2048;
    private readonly IReadOnlyList<HeatMap> maps;
    private readonly HeatMapPanel[] panels;
    private readonly ColorBar bar;
    private readonly CellLegend legend;
    private readonly int columns;
    private readonly double[] lefts;
    private readonly double[] widths;
    private readonly double[] heights;
    private readonly double[] bottoms;
    private readonly double[] tops;
    private readonly double panelTitle;
    private readonly double barHeight;

    public HeatMapDrawing(IReadOnlyList<HeatMap> maps, ColorScale scale, int columns, Room room, string id, int firstPanel = 0)
    {
        (this.maps, this.columns) = (maps, columns);
        panelTitle = maps.Count > 1 ? 24 : 0;
        var sameRows = maps.All(m => m.Values.Rows == maps[0].Values.Rows && m.RowLabels.Equals(maps[0].RowLabels) && m.RowTitle == maps[0].RowTitle);
        var sameColumns = maps.All(m => m.Values.Columns == maps[0].Values.Columns && m.ColumnLabels.Equals(maps[0].ColumnLabels) && m.ColumnTitle == maps[0].ColumnTitle);
        var tooMany = maps.Sum(m => m.Values.AsSpan().Length) > MostRectangles;
        panels = [.. maps.Select((map, i) => new HeatMapPanel(map, scale, $"{id}-hatch", firstPanel + i, room, !sameRows || i % columns == 0, !sameColumns || i + columns >= maps.Count, tooMany, maps.Count == 1))];

        var rows = (maps.Count + columns - 1) / columns;
        lefts = [.. Enumerable.Range(0, columns).Select(c => InColumn(c).Max(p => p.Left))];
        widths = [.. Enumerable.Range(0, columns).Select(c => InColumn(c).Max(p => p.PlotWidth))];
        heights = [.. Enumerable.Range(0, rows).Select(r => InRow(r).Max(p => p.PlotHeight))];
        bottoms = [.. Enumerable.Range(0, rows).Select(r => InRow(r).Max(p => p.Bottom))];
        tops = [.. Enumerable.Range(0, rows).Select(r => InRow(r).Max(p => p.Top))];
        barHeight = Math.Clamp(PanelsHeight - panelTitle - tops[0] - bottoms[^1], 110, 260);
        bar = new(scale, maps[0].ValueTitle, barHeight, PanelsHeight - panelTitle - tops[0], $"{id}-bar");
        legend = new(maps, $"{id}-hatch", panels.Any(p => p.ShowsNoise));
    }

    public double Width => Math.Max(PanelsWidth + Math.Max(panels.Max(p => p.Right), 18) + bar.Width, lefts[0] + legend.Width);

    public double Height => Math.Max(PanelsHeight, panelTitle + tops[0] + bar.Height) + legend.Height;

    private double PanelsWidth => lefts.Sum() + widths.Sum() + (Gutter * (columns - 1));

    private double PanelsHeight => heights.Sum() + bottoms.Sum() + tops.Sum() + (panelTitle * heights.Length) + ((heights.Length - 1) * 8);

    public void Draw(SvgCanvas canvas, double x, double y)
    {
        legend.Define(canvas);
        var top = y;
        for (var row = 0; row < heights.Length; row++)
        {
            top += tops[row];
            var left = x;
            for (var column = 0; column < columns && (row * columns) + column < panels.Length; column++)
            {
                var (panel, map) = (panels[(row * columns) + column], maps[(row * columns) + column]);
                if (panelTitle > 0 && map.Title is { Length: > 0 } title)
                {
                    var room = Math.Max(widths[column] + (column + 1 < columns ? Gutter : 0), 60);
                    canvas.Text(left + lefts[column], top + 15, TextMetrics.Fit(title, 13, room), size: 12.5, attributes: "class=\"ft\" font-weight=\"600\"").Line();
                }

                panel.Draw(canvas, left + lefts[column], top + panelTitle);
                left += lefts[column] + widths[column] + Gutter;
            }

            top += panelTitle + heights[row] + bottoms[row] + 8;
        }

        bar.Draw(canvas, x + PanelsWidth + Math.Max(panels.Max(p => p.Right), 18), y + panelTitle + tops[0]);
        legend.Draw(canvas, x + lefts[0], y + Height - legend.Height);
    }

    private IEnumerable<HeatMapPanel> InColumn(int column) => panels.Where((_, i) => i % columns == column);

    private IEnumerable<HeatMapPanel> InRow(int row) => panels.Where((_, i) => i / columns == row);
}
