using Fathom.Hooks;
using Fathom.Models;

namespace Fathom.Patching;

/// <summary>Pairs of patches on one model: a grid of first and second places, with a row and a column more for a place that is not patched.</summary>
internal sealed class ResolvedPairs : ResolvedSweep
{
    private readonly PlaceSet _first;
    private readonly PlaceSet _second;

    public ResolvedPairs(PairSweep sweep, StackedModel model)
        : base(sweep, model)
    {
        if (sweep.Replacement is ExchangeReplacement)
        {
            throw new SweepInputException("Pairs of patches put values in at their own places. Exchange positions in a PatchingSweep.");
        }

        (_first, _second) = (new(this, sweep.First, "first_"), new(this, sweep.Second, "second_"));
        if (_first.Axes.Count + _second.Axes.Count == 0)
        {
            throw new SweepInputException("Pairs of patches need an axis of the first or the second places, such as First = Places.Of(Site.Z, Axis.Layer, Axis.Head); found none.");
        }

        SplitInputs.Require(Points);
        Axes = [Flat("first", _first), Flat("second", _second)];
    }

    public override IReadOnlyList<SweepAxis> Axes { get; }

    public override IReadOnlyList<HookPoint> Points => [.. _first.Points.Concat(_second.Points).Distinct()];

    public override IReadOnlyList<Edit> EditsOf(int cell, ExampleRun run)
    {
        var (first, second) = Parts(cell, run.Donor);
        return IsSame(first, second) ? [] : [.. first.Concat(second.Where(e => !first.Any(f => IsSame(e, f)))).OrderBy(e => e.Layer)];
    }

    public override SweepResult Finish(SweepResult grid)
    {
        var (columns, cells) = (Axes[1].Count, Axes[0].Count * Axes[1].Count);
        List<int> pairs = [.. Enumerable.Range(0, cells).Where(c => c / columns < Axes[0].Count - 1 && c % columns < columns - 1)];
        var same = pairs.Where(c => Parts(c, Donor.Zero) is var (a, b) && IsSame(a, b)).ToHashSet();
        MetricValues Of(MetricValues values, Metric metric, IReadOnlyList<double> baseline, Func<IReadOnlyList<double>, int, double> value) =>
            new(metric, values.Clean, values.Corrupted, baseline, [.. values.Examples.Select(e => (IReadOnlyList<double>)[.. pairs.Select(c => same.Contains(c) ? double.NaN : value(e, c))])]);
        double Interaction(IReadOnlyList<double> f, int cell) => f[cell] - f[((cell / columns) * columns) + columns - 1] - f[((Axes[0].Count - 1) * columns) + (cell % columns)] + f[cells - 1];
        return grid with
        {
            Axes = [.. _first.Axes, .. _second.Axes],
            Metrics =
            [
                .. grid.Metrics.Select(m => Of(m, m.Metric.Interaction(), [.. m.Baseline.Select(_ => 0.0)], Interaction)),
                .. grid.Metrics.Select(m => Of(m, m.Metric, m.Baseline, (f, c) => f[c])),
            ],
        };
    }

    private static SweepAxis Flat(string name, PlaceSet places)
    {
        IEnumerable<string> labels = [""];
        foreach (var axis in places.Axes)
        {
            labels = [.. labels.SelectMany(l => axis.Labels.Select(a => l.Length == 0 ? a : $"{l} {a}"))];
        }

        return new(name, [.. labels, "none"], []);
    }

    private static bool IsSame(Edit a, Edit b) => a.Point == b.Point && a.At.AsSpan().SequenceEqual(b.At);

    private static bool IsSame(IReadOnlyList<Edit> first, IReadOnlyList<Edit> second) =>
        first.Count > 0 && first.Count == second.Count && first.All(a => second.Any(b => IsSame(a, b)));

    private (IReadOnlyList<Edit> First, IReadOnlyList<Edit> Second) Parts(int cell, Donor donor)
    {
        var (a, b) = Math.DivRem(cell, Axes[1].Count);
        return (At(_first, a, Axes[0].Count - 1, donor), At(_second, b, Axes[1].Count - 1, donor));
    }

    private static IReadOnlyList<Edit> At(PlaceSet places, int index, int none, Donor donor)
    {
        if (index == none)
        {
            return [];
        }

        var indices = new int[places.Axes.Count];
        for (var a = indices.Length - 1; a >= 0; a--)
        {
            (index, indices[a]) = Math.DivRem(index, places.Axes[a].Count);
        }

        return places.EditsAt(indices, donor);
    }
}
