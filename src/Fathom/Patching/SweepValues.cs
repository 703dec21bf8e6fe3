namespace Fathom.Patching;

/// <summary>The raw scores of one sweep while it runs.</summary>
internal sealed class SweepValues(ResolvedSweep sweep)
{
    /// <summary>Scores by metric, example and cell.</summary>
    public double[][][] Cells { get; } = Fill(sweep, sweep.Cells);

    /// <summary>Scores of the run patched into, by metric and example.</summary>
    public double[][] Into { get; } = [.. sweep.Metrics.Select(_ => new double[sweep.Examples])];

    /// <summary>Scores of the run patched from, by metric and example.</summary>
    public double[][] From { get; } = [.. sweep.Metrics.Select(_ => new double[sweep.Examples])];

    private static double[][][] Fill(ResolvedSweep sweep, int cells) =>
        [.. sweep.Metrics.Select(_ => Enumerable.Range(0, sweep.Examples).Select(_ => new double[cells]).ToArray())];
}
