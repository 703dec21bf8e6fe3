using System.Globalization;
using Fathom.Plots.Colors;

namespace Fathom.Plots.Terminal;

/// <summary>What stands in the cells of heat maps on a terminal, and how wide that is: numbers with as many digits as fit, or blocks of colour.</summary>
internal sealed class CellTexts
{
    private const int WidestNumber = 12;
    private const int WidestBlock = 4;
    private const int MostBands = 3;
    private const int ManyPanels = 5;
    private readonly ColorScale scale;
    private readonly int? decimals;

    public CellTexts(IReadOnlyList<HeatMap> maps, ColorScale scale, TerminalCanvas canvas, int room)
    {
        this.scale = scale;
        var columns = maps[0].Values.Columns;
        double[] values = [.. maps.SelectMany(m => m.Values.AsSpan().ToArray().Where(v => double.IsFinite(v) && !m.IsNoise(v)))];
        var size = values.Select(Math.Abs).DefaultIfEmpty().Max();
        var power = size > 0 ? (int)Math.Floor(Math.Log10(size)) : 0;
        // Small numbers read better with an exponent of their own.
        decimals = maps[0].Decimals ?? (size is > 0 and < 1e-3 or >= 1e6 ? null : Math.Clamp(power < 0 ? 2 - power : 3 - power, 0, 4));
        var needed = Widest(values);
        if (needed * columns > room && maps[0].Decimals is null && decimals is { } most)
        {
            // Two digits of the largest value say enough where three do not fit.
            for (var fewer = most - 1; fewer >= Math.Max(0, 1 - power) && needed * columns > room; fewer--)
            {
                decimals = fewer;
                needed = Widest(values);
            }

            (decimals, needed) = needed * columns > room ? (most, WithDecimals(values, most)) : (decimals, needed);
        }

        // Many panels are looked at side by side; their numbers would be pages apart.
        var panels = canvas.HasColor && maps.Count >= ManyPanels;
        AreNumbers = (needed * columns <= room && !panels) || (!canvas.HasColor && needed <= room && columns * needed <= MostBands * room);
        Width = AreNumbers ? Math.Clamp(room / columns, needed, Math.Max(needed, WidestNumber)) : Math.Clamp(room / columns, 1, canvas.HasColor && maps.Count == 1 ? WidestBlock : 2);
        MarksNoise = AreNumbers || canvas.HasColor;
    }

    /// <summary>Whether cells hold numbers.</summary>
    public bool AreNumbers { get; }

    /// <summary>Whether noise is told from small values.</summary>
    public bool MarksNoise { get; }

    /// <summary>Columns of the terminal for one cell.</summary>
    public int Width { get; }

    public void Write(TerminalCanvas canvas, HeatMap map, double value)
    {
        if (!double.IsFinite(value))
        {
            canvas.Append(CharWidth.Fit(AreNumbers ? "--" : new string('?', Width), Width, right: true));
        }
        else if (AreNumbers)
        {
            canvas.Cell(CharWidth.Fit(map.IsNoise(value) ? "·" : Text(value), Width, right: true), scale.At(value));
        }
        else if (canvas.HasColor)
        {
            canvas.Cell(CharWidth.Fit(map.IsNoise(value) ? new string(' ', (Width - 1) / 2) + "·" : "", Width), scale.At(value));
        }
        else
        {
            canvas.Append(new string(Shade(value), Width));
        }
    }

    private int Widest(double[] values) => Math.Max(3, values.Select(v => Text(v).Length).DefaultIfEmpty().Max() + 1);

    private static int WithDecimals(double[] values, int places) => Math.Max(3, values.Select(v => Numbers.Short(v, places).Length).DefaultIfEmpty().Max() + 1);

    private string Text(double value) => decimals is { } places ? Numbers.Short(value, places) : value == 0 ? "0" : value.ToString("0.0e+0", CultureInfo.InvariantCulture);

    /// <summary>Digits above the centre, letters below it; the further away, the higher.</summary>
    private char Shade(double value)
    {
        var t = scale.Position(value);
        if (!scale.Palette.IsDiverging)
        {
            return " .:-=+*#%@"[(int)Math.Min(9, t * 10)];
        }

        var distance = (int)Math.Round(Math.Abs(t - 0.5) * 18);
        return distance == 0 ? '.' : t > 0.5 ? (char)('0' + distance) : (char)('a' + distance - 1);
    }
}
