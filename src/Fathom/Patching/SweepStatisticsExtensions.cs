namespace Fathom.Patching;

/// <summary>Statistics over the examples of a result.</summary>
public static class SweepStatisticsExtensions
{
    private const int Draws = 10000;
    private const int Resamples = 1000;
    private const int MostExact = 12;

    extension(SweepResult result)
    {
        /// <summary>Mean effect, standard error, bootstrap interval and sign-flip p-value of every cell.</summary>
        /// <param name="metric">Which of the result's metrics.</param>
        /// <param name="seed">The seed; every cell draws by its own labels, so that its numbers do not depend on the other cells.</param>
        /// <returns>One entry per cell, last axis fastest. A cell in which an example has no number has none either.</returns>
        /// <remarks>Bootstrap: percentiles of 1,000 resamples of the examples. Sign flips: Fisher 1935; they assume that an effect is as likely as its negative where there is none.</remarks>
        public IReadOnlyList<CellStatistics> Statistics(int metric = 0, int seed = 0)
        {
            ArgumentNullException.ThrowIfNull(result);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)metric, (uint)result.Metrics.Count, nameof(metric));
            var values = result.Metrics[metric];
            return [.. Enumerable.Range(0, result.Values.Count).Select(c => Of([.. values.Examples.Zip(values.Baseline, (e, b) => e[c] - b)], seed, $"{values.Metric.Name}/{result.LabelOf(c)}"))];
        }
    }

    private static CellStatistics Of(double[] effects, int seed, string label)
    {
        var mean = effects.Average();
        if (!double.IsFinite(mean))
        {
            return new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        }

        var n = effects.Length;
        var error = n < 2 ? double.NaN : Math.Sqrt(effects.Sum(e => (e - mean) * (e - mean)) / (n - 1) / n);
        var random = LabelSeed.Of(seed, $"bootstrap/{label}");
        var means = new double[Resamples];
        for (var r = 0; r < Resamples; r++)
        {
            for (var i = 0; i < n; i++)
            {
                means[r] += effects[random.Below(n)] / n;
            }
        }

        Array.Sort(means);
        return new(mean, error, means[(int)(0.025 * Resamples)], means[(int)(0.975 * Resamples) - 1], SignFlip(effects, Math.Abs(mean) * n, LabelSeed.Of(seed, $"sign-flip/{label}")));
    }

    private static double SignFlip(double[] effects, double sum, LabelSeed random)
    {
        // Equal sums must count as equal whatever the order of addition.
        var bar = sum * (1 - 1e-12);
        var exact = effects.Length <= MostExact;
        var flips = exact ? 1 << effects.Length : Draws;
        var extreme = exact ? 0 : 1;
        for (var f = 0; f < flips; f++)
        {
            double flipped = 0;
            ulong bits = 0;
            for (var i = 0; i < effects.Length; i++)
            {
                bits = exact ? (ulong)f >> i : i % 64 == 0 ? random.Next() : bits >> 1;
                flipped += (bits & 1) == 0 ? effects[i] : -effects[i];
            }

            extreme += Math.Abs(flipped) >= bar ? 1 : 0;
        }

        return (double)extreme / (exact ? flips : flips + 1);
    }
}
