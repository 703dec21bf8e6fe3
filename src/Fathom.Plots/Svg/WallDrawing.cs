using Fathom.Plots.Colors;

namespace Fathom.Plots.Svg;

/// <summary>Attention patterns side by side: small ones close together, a few large ones with their tokens.</summary>
internal sealed class WallDrawing : IDrawing
{
    private const double Gutter = 8;
    private const double TitleRoom = 16;
    private readonly IReadOnlyList<HeatMap> heads;
    private readonly int columns;
    private readonly double side;
    private readonly string id;
    private readonly HeatMapDrawing? labelled;
    private readonly ColorBar? bar;

    public WallDrawing(IReadOnlyList<HeatMap> heads, bool withLabels, int columns, Room room, string id)
    {
        (this.heads, this.columns, this.id, side) = (heads, columns, id, room.Width);
        labelled = withLabels ? new HeatMapDrawing(heads, heads[0].Scale(), Math.Min(columns, 2), room, id) : null;
        bar = withLabels ? null : new(heads[0].Scale(), heads[0].ValueTitle, Math.Clamp(Wall - TitleRoom - Gutter, 64, 160), Wall, $"{id}-bar");
    }

    public double Width => labelled?.Width ?? ((columns * (side + Gutter)) + 10 + bar!.Width);

    public double Height => labelled?.Height ?? Math.Max(Wall, TitleRoom + bar!.Height);

    private double Wall => (heads.Count + columns - 1) / columns * (side + TitleRoom + Gutter);

    public void Draw(SvgCanvas canvas, double x, double y)
    {
        if (labelled is not null)
        {
            labelled.Draw(canvas, x, y);
            return;
        }

        for (var head = 0; head < heads.Count; head++)
        {
            var (left, top) = (x + (head % columns * (side + Gutter)), y + (head / columns * (side + TitleRoom + Gutter)));
            var cell = side / heads[head].Values.Columns;
            canvas.Text(left, top + 11, TextMetrics.Fit(heads[head].Title!, 11, side), size: 11, attributes: SvgCanvas.Muted);
            new HeatMapCells(heads[head], heads[head].Scale(), cell, cell, $"{id}-hatch") { AlwaysPicture = true }.Draw(canvas, left, top + TitleRoom);
            canvas.Rect(left, top + TitleRoom, side, side, "class=\"fg\" fill=\"none\" stroke=\"#d1d9e0\"").Line();
        }

        bar!.Draw(canvas, x + (columns * (side + Gutter)) + 10, y + TitleRoom);
    }
}
