namespace Fathom.Plots.Svg;

/// <summary>Round numbers between two ends.</summary>
internal static class Ticks
{
    /// <summary>Multiples of 1, 2, 2.5 or 5 times a power of ten that lie within the range.</summary>
    public static (IReadOnlyList<double> Values, double Step) Between(double low, double high, int about)
    {
        var span = high - low;
        if (!(span > 0) || !double.IsFinite(span))
        {
            return ([low], 1);
        }

        var raw = span / Math.Max(1, about);
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = new[] { 1, 2, 2.5, 5, 10 }.Select(m => m * power).First(s => s >= raw * 0.999999);
        List<double> values = [];
        for (var k = Math.Ceiling((low / step) - 1e-9); k * step <= high + (step * 1e-9); k++)
        {
            values.Add(k * step);
        }

        return (values, step);
    }

    /// <summary>How many labels to step over so that no two overlap: 1, 2, 5, 10, 20 …</summary>
    public static int Stride(int count, double pitch, double needed)
    {
        foreach (var power in new[] { 1, 10, 100, 1000, 10000, 100000 })
        {
            foreach (var m in new[] { 1, 2, 5 })
            {
                if (m * power * pitch >= needed)
                {
                    return m * power;
                }
            }
        }

        return count;
    }
}
