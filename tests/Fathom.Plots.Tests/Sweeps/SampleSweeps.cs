using Fathom.Patching;
using Fathom.Tensors;

namespace Fathom.Plots.Tests.Sweeps;

/// <summary>Results as a run gives them, without a run.</summary>
internal static class SampleSweeps
{
    public static Metric Difference { get; } = Metric.LogitDifference(" Hart", " Carroll");

    /// <summary>The clean run has 18, the corrupted one -18; the baseline is the run patched into.</summary>
    public static SweepResult Of(SweepAxis[] axes, Func<int, double> value, Metric? metric = null, Direction direction = Direction.Noising, int pairs = 1, double clean = 18, double corrupted = -18)
    {
        metric ??= Difference;
        var cells = axes.Aggregate(1, (n, a) => n * a.Count);
        var into = direction == Direction.Noising ? clean : corrupted;
        double Scaled(double v) => metric.IsNormalised ? (v - corrupted) / (clean - corrupted) : v;
        IReadOnlyList<double> Times(double v) => [.. Enumerable.Repeat(v, pairs)];
        return new()
        {
            Sweep = new PatchingSweep
            {
                From = Enumerable.Repeat("Her name was Alex Carroll. When Alex", pairs).ToArray(),
                Into = Enumerable.Repeat("Her name was Alex Hart. When Alex", pairs).ToArray(),
                Site = Site.Z,
                Over = [.. axes.Select(a => new Axis(a.Name))],
                Metric = metric,
                Direction = direction,
            },
            Axes = axes,
            Metrics = [new(metric, Times(clean), Times(corrupted), Times(Scaled(into)), [.. Enumerable.Range(0, pairs).Select(p => (IReadOnlyList<double>)[.. Enumerable.Range(0, cells).Select(c => Scaled(value(c) + p))])])],
            Examples = [.. Enumerable.Repeat(new SweepExample([1], [2], ["a"], ["b"]), pairs)],
            Work = new(cells * pairs, 0, 1, 1, 1, 1, 1, 1),
            Checks = new() { NoiseFloor = 1.8e-6, NoiseCells = 1, CheckedCells = 2, MaxDifference = 3e-6, Tolerance = 1e-4 },
            Provenance = new() { Model = "names-4l", Revision = null, Architecture = "GPT2LMHeadModel", Processing = "default", Precision = "float32", Device = "cpu", Path = SweepPath.Engine, Version = "0" },
        };
    }

    public static SweepAxis Layers(int count) => new("layer", TokenLabels.Numbered("L", count), [.. Enumerable.Range(0, count)]);

    public static SweepAxis Heads(int count) => new("head", TokenLabels.Numbered("H", count), [.. Enumerable.Range(0, count)]);

    public static SweepAxis Positions(string name, params string[] tokens) => new(name, TokenLabels.WithPositions(tokens), [.. Enumerable.Range(0, tokens.Length)]);
}
