using System.Globalization;

namespace Fathom.Patching;

/// <summary>The values of one metric: both unpatched runs, and every cell, for every example.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Clean">The plain metric of each example's clean run, never rescaled.</param>
/// <param name="Corrupted">The plain metric of each example's corrupted run, never rescaled.</param>
/// <param name="Baseline">What a cell that changes nothing shows: the metric of the run patched into, rescaled if the metric is.</param>
/// <param name="Examples">For each example, one value per cell, last axis fastest. A metric that gave no number is NaN in its cell.</param>
public sealed record MetricValues(Metric Metric, IReadOnlyList<double> Clean, IReadOnlyList<double> Corrupted, IReadOnlyList<double> Baseline, IReadOnlyList<IReadOnlyList<double>> Examples)
{
    /// <summary>The mean over examples, one value per cell; NaN where any example has no number.</summary>
    public IReadOnlyList<double> Mean { get; } = [.. Enumerable.Range(0, Examples[0].Count).Select(c => Examples.Average(e => e[c]))];

    /// <summary>How many values are not numbers.</summary>
    public int NotNumbers => Examples.Sum(e => e.Count(v => !double.IsFinite(v)));

    /// <summary>The values rescaled so that 0 is the corrupted run's and 1 the clean run's, for one example.</summary>
    /// <param name="example">The example.</param>
    /// <exception cref="NoSeparationException">The two runs have the same value.</exception>
    public IReadOnlyList<double> Recovery(int example)
    {
        if (Metric.IsNormalised)
        {
            return Examples[example];
        }

        var (clean, corrupted) = (Clean[example], Corrupted[example]);
        return Separates(clean, corrupted)
            ? [.. Examples[example].Select(v => (v - corrupted) / (clean - corrupted))]
            : throw new NoSeparationException(example, Metric.Name, clean, corrupted);
    }

    /// <summary>The share of an effect that rounding alone could make is below one in a thousand.</summary>
    internal static bool Separates(double clean, double corrupted) =>
        Math.Abs(clean - corrupted) > 1e-5 * Math.Max(1, Math.Max(Math.Abs(clean), Math.Abs(corrupted)));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Metric}: clean {Clean.Average():0.####}, corrupted {Corrupted.Average():0.####}, {Examples.Count} example(s) of {Mean.Count} cells");
}
