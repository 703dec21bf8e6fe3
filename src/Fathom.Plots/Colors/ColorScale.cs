namespace Fathom.Plots.Colors;

/// <summary>From a value to a colour: a palette stretched over a range.</summary>
internal sealed class ColorScale
{
    private readonly Rgb[] stops;
    private readonly double from;
    private readonly double span;

    private ColorScale(Palette palette, double low, double high, double from, double span, bool hasValues)
    {
        (Palette, Low, High, HasValues) = (palette, low, high, hasValues);
        (this.from, this.span) = (from, span);
        stops = [.. palette.Stops.Select(Rgb.Parse)];
    }

    public Palette Palette { get; }

    /// <summary>The value at the low end of the colour bar.</summary>
    public double Low { get; }

    /// <summary>The value at the high end of the colour bar.</summary>
    public double High { get; }

    /// <summary>Whether any value was finite; without one there is no bar to draw.</summary>
    public bool HasValues { get; }

    /// <summary>A diverging palette spans equal distances on both sides of its centre, so equal steps in value are equal steps in colour.</summary>
    public static ColorScale Over(ReadOnlySpan<double> values, Palette palette, double center = 0, double? minimum = null, double? maximum = null)
    {
        var (low, high, any) = (double.PositiveInfinity, double.NegativeInfinity, false);
        foreach (var value in values)
        {
            if (double.IsFinite(value))
            {
                (low, high, any) = (Math.Min(low, value), Math.Max(high, value), true);
            }
        }

        (low, high) = any ? (minimum ?? low, maximum ?? high) : (minimum ?? 0, maximum ?? 1);
        if (palette.IsDiverging)
        {
            var extent = Math.Max(Math.Abs(low - center), Math.Abs(high - center));
            extent = extent > 0 ? extent : 1;
            return new(palette, minimum ?? (center - extent), maximum ?? (center + extent), center - extent, 2 * extent, any);
        }

        if (low >= high)
        {
            var margin = low == 0 ? 0.5 : Math.Abs(low) / 2;
            (low, high) = (low - margin, low + margin);
        }

        return new(palette, low, high, low, high - low, any);
    }

    /// <summary>Where on the palette a value lies, from 0 to 1.</summary>
    public double Position(double value) => Math.Clamp((Math.Clamp(value, Low, High) - from) / span, 0, 1);

    public Rgb At(double value) => AtPosition(Position(value));

    public Rgb AtPosition(double position)
    {
        var scaled = position * (stops.Length - 1);
        var index = Math.Min((int)scaled, stops.Length - 2);
        return Rgb.Mix(stops[index], stops[index + 1], scaled - index);
    }
}
