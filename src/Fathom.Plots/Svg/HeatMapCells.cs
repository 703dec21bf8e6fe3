using System.Globalization;
using System.Text;
using Fathom.Plots.Colors;

namespace Fathom.Plots.Svg;

/// <summary>The coloured cells of a heat map: rectangles while they are few, one small picture when they are many.</summary>
internal sealed class HeatMapCells(HeatMap map, ColorScale scale, double cellWidth, double cellHeight, string hatch)
{
    private const int MostRectangles = 1024;

    /// <summary>Whether even few cells are drawn as a picture, without a tooltip each.</summary>
    public bool AlwaysPicture { get; init; }

    /// <summary>Whether cells are large enough for the dot that marks noise.</summary>
    public bool ShowsNoise => Math.Min(cellWidth, cellHeight) >= 7;

    public void Draw(SvgCanvas canvas, double x, double y)
    {
        var (width, height) = (map.Values.Columns * cellWidth, map.Values.Rows * cellHeight);
        if (!AlwaysPicture && map.Values.Rows * map.Values.Columns <= MostRectangles)
        {
            Rectangles(canvas, x, y);
        }
        else
        {
            if (HasMissing)
            {
                canvas.Rect(x, y, width, height, $"fill=\"url(#{hatch})\"");
            }

            canvas.Raw($"<image x=\"{SvgCanvas.N(x)}\" y=\"{SvgCanvas.N(y)}\" width=\"{SvgCanvas.N(width)}\" height=\"{SvgCanvas.N(height)}\" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"{Picture()}\"/>").Line();
        }

        NoiseDots(canvas, x, y);
        Numbers(canvas, x, y);
    }

    private bool HasMissing
    {
        get
        {
            foreach (var value in map.Values.AsSpan())
            {
                if (!double.IsFinite(value))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private int Shown(int row) => map.FirstRowAtBottom ? map.Values.Rows - 1 - row : row;

    private void Rectangles(SvgCanvas canvas, double x, double y)
    {
        var gap = Math.Min(cellWidth, cellHeight) >= 12 ? 1 : 0;
        canvas.Raw("<g shape-rendering=\"crispEdges\">").Line();
        for (var row = 0; row < map.Values.Rows; row++)
        {
            for (var column = 0; column < map.Values.Columns; column++)
            {
                var value = map.Values[Shown(row), column];
                if (!double.IsFinite(value))
                {
                    canvas.Rect(x + (column * cellWidth), y + (row * cellHeight), cellWidth - gap, cellHeight - gap, $"fill=\"url(#{hatch})\"");
                }

                if (double.IsFinite(value) || canvas.StandsAlone)
                {
                    var fill = double.IsFinite(value) ? scale.At(value).Hex : "none\" pointer-events=\"all";
                    canvas.Rect(x + (column * cellWidth), y + (row * cellHeight), cellWidth - gap, cellHeight - gap, $"fill=\"{fill}\"", canvas.StandsAlone ? HoverLines.Of(map, Shown(row), column) : null);
                }
            }

            canvas.Line();
        }

        canvas.Raw("</g>").Line();
    }

    private string Picture()
    {
        var colors = new Rgb[256];
        for (var i = 1; i < 256; i++)
        {
            colors[i] = scale.AtPosition((i - 1) / 254.0);
        }

        var pixels = new byte[map.Values.Rows * map.Values.Columns];
        for (var i = 0; i < pixels.Length; i++)
        {
            var value = map.Values[Shown(i / map.Values.Columns), i % map.Values.Columns];
            pixels[i] = double.IsFinite(value) ? (byte)(1 + (int)Math.Round(scale.Position(value) * 254)) : (byte)0;
        }

        return IndexedPng.DataUri(map.Values.Columns, map.Values.Rows, pixels, colors);
    }

    private void NoiseDots(SvgCanvas canvas, double x, double y)
    {
        if (map.NoiseFloor is null || !ShowsNoise)
        {
            return;
        }

        // Dots that fill their cells would hide what they mark.
        var size = SvgCanvas.N(Math.Clamp(Math.Min(cellWidth, cellHeight) / 6, 1.2, 3));

        var (onLight, onDark) = (new StringBuilder(), new StringBuilder());
        for (var row = 0; row < map.Values.Rows; row++)
        {
            for (var column = 0; column < map.Values.Columns; column++)
            {
                var value = map.Values[Shown(row), column];
                if (map.IsNoise(value))
                {
                    (scale.At(value).IsDark ? onDark : onLight).Append(CultureInfo.InvariantCulture, $"M{SvgCanvas.N(x + ((column + 0.5) * cellWidth) - 0.5)} {SvgCanvas.N(y + ((row + 0.5) * cellHeight) - 0.5)}h0");
                }
            }
        }

        foreach (var (path, ink) in new[] { (onLight, "#57606a"), (onDark, "#dfe5eb") })
        {
            if (path.Length > 0)
            {
                canvas.Raw($"<path d=\"{path}\" stroke=\"{ink}\" stroke-width=\"{size}\" stroke-linecap=\"round\" pointer-events=\"none\"/>").Line();
            }
        }
    }

    private void Numbers(SvgCanvas canvas, double x, double y)
    {
        if (!map.ShowValues || cellHeight < 13)
        {
            return;
        }

        var decimals = map.CellDecimals;
        for (var row = 0; row < map.Values.Rows; row++)
        {
            for (var column = 0; column < map.Values.Columns; column++)
            {
                var value = map.Values[Shown(row), column];
                var label = Plots.Numbers.Short(value, decimals);
                if (double.IsFinite(value) && !map.IsNoise(value) && TextMetrics.Width(label, 11) <= cellWidth)
                {
                    var ink = scale.At(value).IsDark ? "#ffffff" : "#1f2328";
                    canvas.Text(x + ((column + 0.5) * cellWidth) - 0.5, y + ((row + 0.5) * cellHeight) + 3.5, label, "middle", 11, $"fill=\"{ink}\" pointer-events=\"none\"");
                }
            }

            canvas.Line();
        }
    }
}
