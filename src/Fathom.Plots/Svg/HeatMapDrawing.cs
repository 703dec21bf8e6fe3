namespace Fathom.Plots.Svg;

/// <summary>A heat map, its colour bar and the legend of its marks.</summary>
internal sealed class HeatMapDrawing : IDrawing
{
    private const double RoomX = 640;
    private const double RoomY = 420;
    private readonly HeatMapPanel panel;
    private readonly ColorBar bar;
    private readonly CellLegend legend;
    private readonly double barHeight;

    public HeatMapDrawing(HeatMap map, string id)
    {
        var scale = map.Scale();
        var roomX = map.Values.Columns > 160 ? Math.Min(1024, map.Values.Columns * 4) : RoomX;
        panel = new(map, scale, $"{id}-hatch", 0, roomX, RoomY);
        barHeight = Math.Clamp(panel.PlotHeight, 110, 260);
        bar = new(scale, map.ValueTitle, barHeight, $"{id}-bar");
        legend = new([map], $"{id}-hatch");
    }

    public double Width => Math.Max(panel.Left + panel.PlotWidth + Math.Max(panel.Right, 18) + bar.Width, panel.Left + legend.Width);

    public double Height => Math.Max(panel.PlotHeight + panel.Bottom, barHeight + 6) + legend.Height;

    public void Draw(SvgCanvas canvas, double x, double y)
    {
        legend.Define(canvas);
        panel.Draw(canvas, x + panel.Left, y);
        bar.Draw(canvas, x + panel.Left + panel.PlotWidth + Math.Max(panel.Right, 18), y);
        legend.Draw(canvas, x + panel.Left, y + Height - legend.Height);
    }
}
