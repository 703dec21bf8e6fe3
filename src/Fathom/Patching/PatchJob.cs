using Fathom.Models;
using Fathom.Patching.Paths;

namespace Fathom.Patching;

/// <summary>Sweeps that run together on one model: their distinct prompts, and who patches what into whom.</summary>
internal sealed class PatchJob
{
    private readonly List<int[]> _prompts = [];
    private readonly List<int[]> _means = [];
    private readonly List<PathSource> _paths = [];
    private readonly Dictionary<string, int> _known = [];

    public PatchJob(StackedModel model, IReadOnlyList<Sweep> sweeps)
    {
        Stack = model;
        Sweeps = [.. sweeps.Select(s => s.Resolve(model))];
        Runs = [.. Sweeps.Select((s, n) => Enumerable.Range(0, s.Examples).Select(e => WithPaths(s, new ExampleRun(n, e, Index(s.Into[e]), Index(s.From[e]), DonorOf(s, e)))).ToArray())];
    }

    /// <summary>The model.</summary>
    public StackedModel Stack { get; }

    /// <summary>The model, where it is a decoder: what the engine runs.</summary>
    public HookedTransformer Model => Stack as HookedTransformer ?? throw new InvalidOperationException($"{Stack.Source.Name} is no decoder, so its cells are whole runs.");

    public IReadOnlyList<ResolvedSweep> Sweeps { get; }

    /// <summary>Distinct token sequences.</summary>
    public IReadOnlyList<int[]> Prompts => _prompts;

    /// <summary>The prompts of each mean.</summary>
    public IReadOnlyList<int[]> Means => _means;

    /// <summary>The senders of path sweeps.</summary>
    public IReadOnlyList<PathSource> Paths => _paths;

    /// <summary>The examples of each sweep.</summary>
    public IReadOnlyList<ExampleRun[]> Runs { get; }

    /// <summary>Every example of every sweep.</summary>
    public IEnumerable<ExampleRun> AllRuns => Runs.SelectMany(r => r);

    /// <summary>The prompts that values are taken from.</summary>
    public IReadOnlyList<int> Donors => [.. AllRuns.Select(r => r.Donor).Distinct().SelectMany(PromptsOf).Distinct().Order()];

    /// <summary>The prompts whose activations a donor is made of.</summary>
    public IReadOnlyList<int> PromptsOf(Donor donor) => donor.IsRun ? [donor.Prompt] : donor.IsMean ? _means[donor.MeanIndex] : [];

    /// <summary>The prompt whose run is the clean one of an example.</summary>
    public int CleanOf(ExampleRun run) => Sweeps[run.Sweep].Sweep.Direction == Direction.Noising ? run.Into : run.From;

    /// <summary>What a cell does to an example's run.</summary>
    public Patch PatchOf(ExampleRun run, int cell) => new(cell, run.Example, Sweeps[run.Sweep].EditsOf(cell, run));

    private ExampleRun WithPaths(ResolvedSweep sweep, ExampleRun run)
    {
        if (sweep is not ResolvedPaths paths)
        {
            return run;
        }

        var first = _paths.Count;
        _paths.AddRange(Enumerable.Range(0, paths.SenderCount).Select(s => new PathSource(run.Into, paths.EditsOfSender(s, run.Donor), paths.Paths.Norm, paths.Everywhere)));
        return run with { FirstPath = first };
    }

    private int Index(int[] tokens)
    {
        var key = string.Join(',', tokens);
        if (!_known.TryGetValue(key, out var index))
        {
            _known[key] = index = _prompts.Count;
            _prompts.Add(tokens);
        }

        return index;
    }

    private Donor DonorOf(ResolvedSweep sweep, int example) => sweep.Sweep.Replacement switch
    {
        RunReplacement or ExchangeReplacement => new(Index(sweep.From[example])),
        ZeroReplacement => Donor.Zero,
        MeanReplacement mean => MeanOf(sweep, mean, example),
        ResampleReplacement resample => new(Index(sweep.From[Other(sweep, resample, example)])),
        var other => throw new ArgumentOutOfRangeException(nameof(sweep), other, $"No donor for {other.GetType().Name}."),
    };

    private Donor MeanOf(ResolvedSweep sweep, MeanReplacement mean, int example)
    {
        if (sweep.Points.FirstOrDefault(p => p.HoldsIndices) is { } point)
        {
            throw new SweepInputException($"'{point.Name}' holds indices, and a mean of indices names nothing. Replace it by a run's, or take the mean at the weights beside it (hook_expert_weights, hook_router_weights).");
        }

        List<int> over = [];
        foreach (var prompt in mean.Over)
        {
            var tokens = PromptTokens.Encode(Stack, prompt, sweep.Sweep.PrependBos);
            if (tokens.Length != sweep.Into[example].Length)
            {
                throw new SweepInputException($"A calibration prompt of the mean has {tokens.Length} tokens and pair {example} has {sweep.Into[example].Length}; the mean is taken position by position, so they must be equal. The prompt is {prompt}.");
            }

            if (sweep.Into.Any(t => t.AsSpan().SequenceEqual(tokens)))
            {
                throw new SweepInputException($"The calibration prompts of the mean hold a prompt that is itself patched: {prompt}. Its own activations would leak into its ablation; take other prompts.");
            }

            over.Add(Index(tokens));
        }

        var at = _means.FindIndex(m => m.AsSpan().SequenceEqual(over.ToArray()));
        if (at < 0)
        {
            at = _means.Count;
            _means.Add([.. over]);
        }

        return Donor.Mean(at);
    }

    private static int Other(ResolvedSweep sweep, ResampleReplacement resample, int example)
    {
        var others = Enumerable.Range(0, sweep.Examples).Where(e => e != example && sweep.From[e].Length == sweep.Into[example].Length).ToList();
        return others.Count > 0
            ? others[(int)(LabelSeed.Of(resample.Seed, $"resample/{example}").Next() % (ulong)others.Count)]
            : throw new SweepInputException($"Pair {example} has no other example of its length to resample from. Add examples of {sweep.Into[example].Length} tokens.");
    }
}
