using Fathom.Hooks;
using Fathom.Models;
using Fathom.Patching.Scoring;
using Fathom.Tensors;

namespace Fathom.Patching;

/// <summary>A sweep with token ids, hook points and axes of one model.</summary>
internal sealed class ResolvedSweep
{
    private readonly List<SitePoint> _rows;
    private readonly List<(int Dimension, int[] Indices)> _chosen = [];
    private readonly int[] _dimensions;
    private readonly int[] _layerRows;

    public ResolvedSweep(PatchingSweep sweep, HookedTransformer model)
    {
        Sweep = sweep;
        Model = model;
        (From, Into) = Pairs(sweep, model);
        _rows = [.. sweep.Site.In(model)];
        var first = _rows[0].Point;
        if (first.Axes.Names[0] != "batch")
        {
            throw new SweepInputException($"'{sweep.Site}' cannot be patched by example: {first} has no batch axis.");
        }

        if (sweep.Over.Count == 0 || sweep.Over.Distinct().Count() != sweep.Over.Count)
        {
            throw new SweepInputException($"Over names the axes of the result, each once, such as [Axis.Layer, Axis.Position]; found [{string.Join(", ", sweep.Over)}].");
        }

        AxisReader reader = new(this, sweep, _rows);
        _layerRows = reader.LayerRows();
        Axes = [.. sweep.Over.Select(reader.Read)];
        _dimensions = [.. sweep.Over.Select(a => a == Axis.Layer ? -1 : first.Axes.IndexOf(a) - 1)];
        foreach (var (axis, indices) in reader.Chosen())
        {
            var dimension = first.Axes.IndexOf(axis) - 1;
            if (!_dimensions.Contains(dimension))
            {
                _chosen.Add((dimension, indices));
            }
        }

        Metrics = [.. new[] { sweep.Metric }.Concat(sweep.MoreMetrics).Select(m => m.Bind(model, Into))];
    }

    public PatchingSweep Sweep { get; }

    public HookedTransformer Model { get; }

    /// <summary>The ids of each example's prompt patched from.</summary>
    public IReadOnlyList<int[]> From { get; }

    /// <summary>The ids of each example's prompt patched into.</summary>
    public IReadOnlyList<int[]> Into { get; }

    public IReadOnlyList<SweepAxis> Axes { get; }

    public IReadOnlyList<BoundMetric> Metrics { get; }

    public int Examples => Into.Count;

    public int Cells => Axes.Aggregate(1, (n, a) => checked(n * a.Count));

    /// <summary>The hook points that any cell touches.</summary>
    public IReadOnlyList<HookPoint> Points => [.. _layerRows.Select(r => _rows[r].Point).Distinct()];

    /// <summary>The same experiment with prompts and answers as ids, for a copy of the model without its tokenizer.</summary>
    public PatchingSweep Ids()
    {
        Metric Plain(BoundMetric bound) => bound.Metric.WithIds(id => PromptTokens.Single(Model, id));
        Prompts Numbers(Prompts prompts) => new(prompts.Select(p => new Prompt(PromptTokens.Encode(Model, p, Sweep.PrependBos))));
        return Sweep with
        {
            From = new(From.Select(f => new Prompt(f))),
            Into = new(Into.Select(t => new Prompt(t))),
            Metric = Plain(Metrics[0]),
            MoreMetrics = [.. Metrics.Skip(1).Select(Plain)],
            Replacement = Sweep.Replacement is MeanReplacement mean ? Replacement.Mean(Numbers(mean.Over)) : Sweep.Replacement,
        };
    }

    /// <summary>The indices of a cell along the axes.</summary>
    public int[] IndicesOf(int cell)
    {
        var indices = new int[Axes.Count];
        for (var a = Axes.Count - 1; a >= 0; a--)
        {
            (cell, indices[a]) = Math.DivRem(cell, Axes[a].Count);
        }

        return indices;
    }

    /// <summary>The replacements of a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="donor">Where values come from.</param>
    public IReadOnlyList<Edit> EditsOf(int cell, Donor donor)
    {
        var indices = IndicesOf(cell);
        IReadOnlyList<int> rows = _layerRows;
        var at = new List<int[]> { Enumerable.Repeat(-1, _rows[0].Point.Axes.Names.Count - 1).ToArray() };
        for (var a = 0; a < indices.Length; a++)
        {
            var index = Axes[a].Indices[indices[a]];
            if (_dimensions[a] < 0)
            {
                rows = [index];
            }
            else
            {
                at[0][_dimensions[a]] = index;
            }
        }

        foreach (var (dimension, chosen) in _chosen)
        {
            at = [.. at.SelectMany(one => chosen.Select(i => With(one, dimension, i)))];
        }

        return [.. rows.SelectMany(r => at.Select(a => new Edit(_rows[r].Point, a, donor)))];
    }

    private static int[] With(int[] at, int dimension, int index)
    {
        int[] copy = [.. at];
        copy[dimension] = index;
        return copy;
    }

    private static (List<int[]> From, List<int[]> Into) Pairs(PatchingSweep sweep, HookedTransformer model)
    {
        var (from, into) = (sweep.From.Count, sweep.Into.Count);
        if (from != into && from != 1 && into != 1)
        {
            throw new SweepInputException($"From has {from} prompts and Into {into}. Give one of each per pair, or one for all.");
        }

        var count = Math.Max(from, into);
        var donors = sweep.From.Select(p => PromptTokens.Encode(model, p, sweep.PrependBos)).ToList();
        var patched = sweep.Into.Select(p => PromptTokens.Encode(model, p, sweep.PrependBos)).ToList();
        List<int[]> f = [.. Enumerable.Range(0, count).Select(i => donors[from == 1 ? 0 : i])];
        List<int[]> t = [.. Enumerable.Range(0, count).Select(i => patched[into == 1 ? 0 : i])];
        for (var i = 0; i < count; i++)
        {
            if (f[i].Length != t[i].Length)
            {
                throw new PromptLengthException(i, PromptTokens.Texts(model, f[i]), PromptTokens.Texts(model, t[i]));
            }

            if (ForwardLoop.HasTable(model.Config) && t[i].Length > model.Config.NCtx)
            {
                throw new SweepInputException($"Pair {i} has {t[i].Length} tokens; this model's context is {model.Config.NCtx} and its positions end there.");
            }
        }

        return (f, t);
    }
}
