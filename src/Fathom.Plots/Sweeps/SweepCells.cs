using Fathom.Patching;

namespace Fathom.Plots.Sweeps;

/// <summary>The numbers that a sweep's figure draws, and how to read them.</summary>
internal sealed class SweepCells
{
    private const int MostHoverTexts = 8192;

    private readonly SweepResult result;
    private readonly MetricValues values;
    private readonly ShownValue show;

    public SweepCells(SweepResult result, int metric, ShownValue? asked)
    {
        (this.result, values) = (result, result.Metrics[metric]);
        var rescaled = values.Metric.IsNormalised;
        var fromZero = values.Baseline.All(b => b == 0);
        // A rescaled metric is a recovery already; where the unpatched run is at 0, the value is the change.
        show = (asked ?? (rescaled ? ShownValue.Recovery : ShownValue.Change)) switch
        {
            ShownValue.Recovery when result.Sweep is PairSweep && metric < result.Metrics.Count / 2 =>
                throw new FigureDataException("show", "value for an interaction, where 0 means that the effects add up", "recovery", "Normalise the sweep's metric (Metric.Normalised, --normalised) to see interactions as shares of the distance between clean and corrupted."),
            ShownValue.Change when fromZero => ShownValue.Value,
            var it => it,
        };
        Shown = show switch
        {
            ShownValue.Recovery => Recovered(),
            ShownValue.Change => [.. values.Mean.Select(v => v - values.Baseline.Average())],
            _ => values.Mean,
        };
        Baseline = show switch
        {
            ShownValue.Change => 0,
            ShownValue.Recovery => result.Sweep.Direction == Direction.Noising ? 1 : 0,
            _ => values.Baseline.Average() is var b && double.IsFinite(b) ? b : null,
        };
        NoiseFloor = metric > 0 || result.Checks.NoiseFloor is not { } floor ? null : floor * Unit;
        Title = show switch
        {
            ShownValue.Recovery => $"recovery of {values.Metric.Name} (0 = corrupted, 1 = clean)",
            ShownValue.Change when rescaled => $"change of the recovery of {values.Metric.Name}",
            ShownValue.Change => $"change of {values.Metric.Name} ({values.Metric.Unit})",
            _ => $"{values.Metric.Name} ({values.Metric.Unit})",
        };
    }

    /// <summary>One number for each cell, last axis fastest.</summary>
    public IReadOnlyList<double> Shown { get; }

    /// <summary>What is drawn for a patch that changes nothing.</summary>
    public double? Baseline { get; }

    /// <summary>In the unit of what is drawn.</summary>
    public double? NoiseFloor { get; }

    /// <summary>What the colour bar says.</summary>
    public string Title { get; }

    /// <summary>The value drawn white.</summary>
    public double Center => show == ShownValue.Value ? 0 : Baseline ?? 0;

    /// <summary>For each cell, what the figure's colour leaves out: the metric itself, and over several pairs how far they agree.</summary>
    public IReadOnlyList<string> HoverTexts(IReadOnlyList<int> cells)
    {
        var spread = values.Examples.Count > 1;
        return (show == ShownValue.Value && !spread) || result.Values.Count > MostHoverTexts
            ? []
            : [.. cells.Select(cell => string.Join('\n', Lines(cell, spread)))];
    }

    private IEnumerable<string> Lines(int cell, bool spread)
    {
        if (show != ShownValue.Value && !values.Metric.IsNormalised)
        {
            yield return $"{values.Metric.Name}: {Numbers.Short(values.Mean[cell])}";
        }

        if (spread)
        {
            var effects = values.Examples.Zip(values.Baseline, (e, b) => e[cell] - b).ToArray();
            var mean = effects.Average();
            var error = Math.Sqrt(effects.Sum(e => (e - mean) * (e - mean)) / (effects.Length - 1) / effects.Length);
            yield return $"Change in {Numbers.Whole(effects.Length)} pairs: {Numbers.Short(effects.Min())} to {Numbers.Short(effects.Max())}, standard error of the mean {Numbers.Short(error)}";
        }
    }

    /// <summary>The checks are in the metric's own unit; an interaction adds up three patched runs.</summary>
    private double Unit => (result.Sweep is PairSweep ? 3 : 1)
        * (show == ShownValue.Recovery || values.Metric.IsNormalised ? values.Clean.Zip(values.Corrupted, (a, b) => 1 / Math.Abs(a - b)).Average() : 1);

    private double[] Recovered()
    {
        IReadOnlyList<double>[] examples = [.. Enumerable.Range(0, values.Examples.Count).Select(values.Recovery)];
        return [.. Enumerable.Range(0, values.Mean.Count).Select(cell => examples.Average(e => e[cell]))];
    }
}
