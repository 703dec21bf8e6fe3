using System.Globalization;

namespace Fathom.Patching;

/// <summary>What a sweep found: one value per cell and example, with axes, baselines, checks and provenance. It holds no tensors.</summary>
public sealed record SweepResult
{
    /// <summary>The experiment.</summary>
    public required Sweep Sweep { get; init; }

    /// <summary>The axes, in the order of the sweep.</summary>
    public required IReadOnlyList<SweepAxis> Axes { get; init; }

    /// <summary>The values of each metric, the sweep's own first.</summary>
    public required IReadOnlyList<MetricValues> Metrics { get; init; }

    /// <summary>The tokens of each pair.</summary>
    public required IReadOnlyList<SweepExample> Examples { get; init; }

    /// <summary>What was computed, and what a loop would have computed.</summary>
    public required SweepWork Work { get; init; }

    /// <summary>The proof: noise floor and self-check.</summary>
    public required SweepChecks Checks { get; init; }

    /// <summary>Where the numbers come from.</summary>
    public required SweepProvenance Provenance { get; init; }

    /// <summary>The sweep's own metric, averaged over examples, one value per cell, last axis fastest.</summary>
    public IReadOnlyList<double> Values => Metrics[0].Mean;

    /// <summary>The number of entries along each axis.</summary>
    public IReadOnlyList<int> Shape => [.. Axes.Select(a => a.Count)];

    /// <summary>The value of one cell, averaged over examples.</summary>
    /// <param name="index">One index per axis.</param>
    public double this[params ReadOnlySpan<int> index] => Values[CellAt(index)];

    /// <summary>What a patch of the unpatched run into itself moves the sweep's own metric by, in the unit of its values: rescaled if the metric is. <see langword="null"/> if it was not measured.</summary>
    public double? NoiseFloor => Checks.NoiseFloor is not { } floor ? null
        : Metrics[0].Metric.IsNormalised ? floor / Metrics[0].Clean.Zip(Metrics[0].Corrupted, (a, b) => Math.Abs(a - b)).Min() : floor;

    /// <summary>Whether no cell of the sweep's own metric moved from the unpatched run by more than rounding.</summary>
    public bool NothingMoved
    {
        get
        {
            var (values, floor) = (Metrics[0], Math.Max(NoiseFloor ?? 0, 1e-6));
            return values.Examples.Zip(values.Baseline).All(e => e.First.All(v => Math.Abs(v - e.Second) <= floor));
        }
    }

    /// <summary>The flat index of a cell.</summary>
    /// <param name="index">One index per axis.</param>
    /// <exception cref="ArgumentException">There is not one index in range per axis.</exception>
    public int CellAt(params ReadOnlySpan<int> index)
    {
        if (index.Length != Axes.Count)
        {
            throw new ArgumentException($"The result has {Axes.Count} axes ({string.Join(", ", Axes.Select(a => a.Name))}); found {index.Length} indices.", nameof(index));
        }

        var cell = 0;
        for (var a = 0; a < index.Length; a++)
        {
            if (index[a] < 0 || index[a] >= Axes[a].Count)
            {
                throw new ArgumentException($"Axis '{Axes[a].Name}' has {Axes[a].Count} entries; there is no {index[a]}.", nameof(index));
            }

            cell = (cell * Axes[a].Count) + index[a];
        }

        return cell;
    }

    /// <summary>The labels of a cell, e.g. <c>L3, H1</c>.</summary>
    /// <param name="cell">The flat index.</param>
    public string LabelOf(int cell)
    {
        var parts = new string[Axes.Count];
        for (var a = Axes.Count - 1; a >= 0; a--)
        {
            (cell, var at) = Math.DivRem(cell, Axes[a].Count);
            parts[a] = Axes[a].Labels[at];
        }

        return string.Join(", ", parts);
    }

    /// <summary>The cells that moved the sweep's own metric most, largest first.</summary>
    /// <param name="count">How many.</param>
    public IReadOnlyList<SweepCell> Top(int count)
    {
        var baseline = Metrics[0].Baseline.Average();
        return [.. Values.Select((value, cell) => new SweepCell(cell, LabelOf(cell), value, value - baseline))
            .Where(c => double.IsFinite(c.Effect)).OrderByDescending(c => Math.Abs(c.Effect)).ThenBy(c => c.Cell).Take(count)];
    }

    /// <summary>The result as JSON, in the schema <c>fathom.sweep/1</c>: every number exact, what is not a number as <c>null</c>.</summary>
    public string ToJson() => Json.ResultJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The document.</param>
    /// <exception cref="SweepFormatException">It is no result, or has a key that no result has.</exception>
    public static SweepResult FromJson(string json) => Json.ResultJson.Read(Json.JsonPart.Parse(json));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Sweep}: {string.Join(" x ", Shape)} cells; {Metrics[0]}{(NothingMoved ? "; no cell moved" : "")}{(Metrics[0].NotNumbers is var none and > 0 ? $"; {none} value(s) are no numbers" : "")}");

    /// <summary>Puts a result together.</summary>
    internal static SweepResult Of(ResolvedSweep resolved, SweepValues values, SweepWork work, SweepChecks checks, SweepProvenance provenance)
    {
        var sweep = resolved.Sweep;
        List<MetricValues> metrics = [];
        for (var m = 0; m < resolved.Metrics.Count; m++)
        {
            var metric = resolved.Metrics[m].Metric;
            var (clean, corrupted) = sweep.Direction == Direction.Noising ? (values.Into[m], values.From[m]) : (values.From[m], values.Into[m]);
            if (metric.IsNormalised)
            {
                Require(metric, clean, corrupted);
            }

            double Scaled(double v, int e) => metric.IsNormalised ? (v - corrupted[e]) / (clean[e] - corrupted[e]) : v;
            metrics.Add(new(metric, clean, corrupted, [.. values.Into[m].Select(Scaled)], [.. values.Cells[m].Select((cells, e) => (IReadOnlyList<double>)[.. cells.Select(v => Scaled(v, e))])]));
        }

        return resolved.Finish(new()
        {
            Sweep = sweep,
            Axes = resolved.Axes,
            Metrics = metrics,
            Examples = [.. Enumerable.Range(0, resolved.Examples).Select(e => new SweepExample(
                resolved.From[e], resolved.Into[e], PromptTokens.Texts(resolved.Model, resolved.From[e]), PromptTokens.Texts(resolved.Model, resolved.Into[e])))],
            Work = work,
            Checks = checks,
            Provenance = provenance,
        });
    }

    /// <summary>Fails if a pair is not separated by a normalised metric.</summary>
    internal static void Require(Metric metric, IReadOnlyList<double> clean, IReadOnlyList<double> corrupted)
    {
        for (var e = 0; e < clean.Count; e++)
        {
            if (!MetricValues.Separates(clean[e], corrupted[e]))
            {
                throw new NoSeparationException(e, metric.Name, clean[e], corrupted[e]);
            }
        }
    }
}
