namespace Fathom.Plots.Svg;

/// <summary>Figures in rows and columns, each with its title.</summary>
internal sealed class PanelDrawing : IDrawing
{
    private const double Gutter = 24;
    private const double TitleRoom = 24;
    private readonly IReadOnlyList<Figure> figures;
    private readonly IDrawing[] drawings;
    private readonly int columns;
    private readonly double[] widths;
    private readonly double[] heights;

    public PanelDrawing(IReadOnlyList<Figure> figures, int columns, Room room, string id)
    {
        (this.figures, this.columns) = (figures, columns);
        drawings = [.. figures.Select((f, i) => f.Draw($"{id}-{Numbers.Whole(i)}", room, i))];
        widths = [.. Enumerable.Range(0, columns).Select(c => drawings.Where((_, i) => i % columns == c).Max(d => d.Width))];
        heights = [.. Enumerable.Range(0, (figures.Count + columns - 1) / columns).Select(r => drawings.Skip(r * columns).Take(columns).Max(d => d.Height))];
    }

    public double Width => widths.Sum() + (Gutter * (columns - 1));

    public double Height => heights.Sum(h => h + TitleRoom) + (Gutter / 2 * (heights.Length - 1));

    public void Draw(SvgCanvas canvas, double x, double y)
    {
        var top = y;
        for (var row = 0; row < heights.Length; row++)
        {
            var left = x;
            for (var column = 0; column < columns && (row * columns) + column < drawings.Length; column++)
            {
                var i = (row * columns) + column;
                if (figures[i].Title is { Length: > 0 } title)
                {
                    canvas.Text(left, top + 15, TextMetrics.Fit(title, 13, widths[column]), size: 12.5, attributes: "class=\"ft\" font-weight=\"600\"").Line();
                }

                drawings[i].Draw(canvas, left, top + TitleRoom);
                left += widths[column] + Gutter;
            }

            top += TitleRoom + heights[row] + (Gutter / 2);
        }
    }
}
