namespace Fathom.Plots.Svg;

/// <summary>Round numbers between two ends.</summary>
internal static class Ticks
{
    /// <summary>Multiples of 1, 2, 2.5 or 5 times a power of ten that lie within the range.</summary>
    /// <param name="low">The low end.</param>
    /// <param name="high">The high end.</param>
    /// <param name="about">How many fit well.</param>
    /// <param name="atLeast">How many are needed to read the scale, even where they stand closer.</param>
    public static (IReadOnlyList<double> Values, double Step) Between(double low, double high, int about, int atLeast = 0)
    {
        var span = high - low;
        if (!(span > 0) || !double.IsFinite(span))
        {
            return ([low], 1);
        }

        for (var wanted = Math.Max(1, about); ; wanted++)
        {
            var step = StepFor(span / wanted);
            var values = Multiples(low, high, step);
            if (values.Count >= atLeast || wanted > 2 * atLeast)
            {
                return (values, step);
            }
        }
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

    /// <summary>As <see cref="Stride(int, double, double)"/>; labels that are thinned and repeat their last word, such as <c>L3 H0</c>, are written in equal steps from where it begins anew.</summary>
    public static int Stride(IReadOnlyList<string> labels, double pitch, double needed)
    {
        var stride = Stride(labels.Count, pitch, needed);
        var period = stride == 1 || !labels[0].Contains(' ') || labels[0].StartsWith('(') ? -1 : Enumerable.Range(1, labels.Count - 1).FirstOrDefault(i => LastWord(labels[i]) == LastWord(labels[0]), -1);
        return period > 1 && Enumerable.Range(0, labels.Count).All(i => LastWord(labels[i]) == LastWord(labels[i % period]))
            ? Enumerable.Range(1, period).FirstOrDefault(d => period % d == 0 && d * pitch >= needed, period * (int)Math.Ceiling(needed / (period * pitch)))
            : stride;
    }

    private static string LastWord(string label) => label[(label.LastIndexOf(' ') + 1)..];

    private static double StepFor(double raw)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        return new[] { 1, 2, 2.5, 5, 10 }.Select(m => m * power).First(s => s >= raw * 0.999999);
    }

    private static List<double> Multiples(double low, double high, double step)
    {
        List<double> values = [];
        for (var k = Math.Ceiling((low / step) - 1e-9); k * step <= high + (step * 1e-9); k++)
        {
            values.Add(k * step);
        }

        return values;
    }
}
