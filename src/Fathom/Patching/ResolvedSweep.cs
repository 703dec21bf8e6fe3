using Fathom.Hooks;
using Fathom.Models;
using Fathom.Patching.Scoring;

namespace Fathom.Patching;

/// <summary>A sweep with token ids, hook points and axes of one model.</summary>
internal abstract class ResolvedSweep
{
    private readonly int[]? _masked;

    protected ResolvedSweep(Sweep sweep, StackedModel model)
    {
        Sweep = sweep;
        Model = model;
        (From, Into) = Pairs(sweep, model);
        _masked = MaskedPlaces.Of(model, [sweep.Metric, .. sweep.MoreMetrics], From, Into);
        Metrics = [.. new[] { sweep.Metric }.Concat(sweep.MoreMetrics).Select(m => m.Bind(model, Into))];
    }

    public Sweep Sweep { get; }

    public StackedModel Model { get; }

    /// <summary>The ids of each example's prompt patched from.</summary>
    public IReadOnlyList<int[]> From { get; }

    /// <summary>The ids of each example's prompt patched into.</summary>
    public IReadOnlyList<int[]> Into { get; }

    public IReadOnlyList<BoundMetric> Metrics { get; }

    public int Examples => Into.Count;

    public int Cells => Axes.Aggregate(1, (n, a) => checked(n * a.Count));

    public abstract IReadOnlyList<SweepAxis> Axes { get; }

    /// <summary>The hook points that a donor's values are taken at.</summary>
    public abstract IReadOnlyList<HookPoint> Points { get; }

    /// <summary>The replacements of a cell; none for a cell without meaning.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="run">The example.</param>
    public abstract IReadOnlyList<Edit> EditsOf(int cell, ExampleRun run);

    /// <summary>The result that the cells' scores stand for.</summary>
    public virtual SweepResult Finish(SweepResult result) => result;

    /// <summary>The same experiment with prompts and answers as ids, for a copy of the model without its tokenizer.</summary>
    public Sweep Ids()
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

    /// <summary>The position that ready-made metrics read: the last, or an encoder's masked token.</summary>
    public int ReadAt(int example) => _masked?[example] ?? Into[example].Length - 1;

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

    private static (List<int[]> From, List<int[]> Into) Pairs(Sweep sweep, StackedModel model)
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
