namespace Fathom.Plots;

/// <summary>Values counted in ranges of equal width; the last range includes its upper end.</summary>
internal sealed record BinCounts(double Low, double Width, IReadOnlyList<int> Counts, int Missing)
{
    public static BinCounts Of(ReadOnlySpan<double> values, int? bins)
    {
        double[] finite = [.. values.ToArray().Where(double.IsFinite).Order()];
        if (finite.Length == 0)
        {
            return new(0, 1, [0], values.Length);
        }

        var (low, high) = (finite[0], finite[^1]);
        if (low == high)
        {
            var margin = low == 0 ? 0.5 : Math.Abs(low) * 0.05;
            (low, high) = (low - margin, high + margin);
        }

        var number = bins ?? Preferred(finite, high - low);
        var width = (high - low) / number;
        var counts = new int[number];
        foreach (var value in finite)
        {
            counts[Math.Clamp((int)((value - low) / width), 0, number - 1)]++;
        }

        return new(low, width, counts, values.Length - finite.Length);
    }

    public string Label(int bin) => $"{Numbers.Short(Low + (bin * Width))} to {Numbers.Short(Low + ((bin + 1) * Width))}";

    /// <summary>Source: Freedman and Diaconis 1981; Sturges 1926 where half of the values are equal.</summary>
    private static int Preferred(double[] sorted, double span)
    {
        var spread = sorted[(int)(0.75 * (sorted.Length - 1))] - sorted[(int)(0.25 * (sorted.Length - 1))];
        var ranges = spread > 0 ? span / (2 * spread / Math.Cbrt(sorted.Length)) : Math.Log2(sorted.Length) + 1;
        return (int)Math.Clamp(Math.Ceiling(ranges), 1, 80);
    }
}
