using Fathom.Models;

namespace Fathom.Patching;

/// <summary>An experiment that puts activations of one run into another, one cell after the other, and scores what comes out. Closed: <see cref="PatchingSweep"/>, <see cref="PathSweep"/>, <see cref="PairSweep"/>.</summary>
/// <remarks>It is a value: print it, save it, change it with <c>with</c>, run it twice.</remarks>
public abstract record Sweep
{
    private protected Sweep()
    {
    }

    /// <summary>The prompts whose activations are taken.</summary>
    public required Prompts From { get; init; }

    /// <summary>The prompts whose runs are patched, one for each of <see cref="From"/> (or one for all). A pair must have the same number of tokens.</summary>
    public required Prompts Into { get; init; }

    /// <summary>How a run is scored.</summary>
    public required Metric Metric { get; init; }

    /// <summary>Further scores of the same runs.</summary>
    public IReadOnlyList<Metric> MoreMetrics { get; init; } = [];

    /// <summary>Which of the two runs is the clean one.</summary>
    public Direction Direction { get; init; } = Direction.Noising;

    /// <summary>What is put in: activations of <see cref="From"/>, or zeros, means, other examples.</summary>
    public Replacement Replacement { get; init; } = Replacement.Run;

    /// <summary>Whether texts get a beginning-of-sequence token; <see langword="null"/> for the model's default.</summary>
    public bool? PrependBos { get; init; }

    /// <summary>What is patched, in a few words, e.g. <c>z</c> or <c>z to queries</c>.</summary>
    public abstract string What { get; }

    /// <summary>Runs the sweep.</summary>
    /// <param name="model">The model. Cells of an encoder are whole runs, and its metrics are read at the masked token.</param>
    /// <param name="options">How it is run: path, memory, checks, progress.</param>
    /// <returns>One value per cell and example, with baselines and checks. It holds no tensors.</returns>
    /// <exception cref="SweepInputException">Prompts, axes, indices or answers do not fit each other or the model.</exception>
    /// <exception cref="PromptLengthException">The prompts of a pair have different lengths.</exception>
    /// <exception cref="NoSeparationException">The metric is normalised and does not separate a pair.</exception>
    public SweepResult Run(StackedModel model, SweepOptions? options = null) => SweepRunner.Run(model, [this], options)[0];

    /// <summary>Runs several sweeps together: prompts that they share are run once, and weights are read once for all of them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sweeps">The sweeps.</param>
    /// <param name="options">How they are run.</param>
    /// <returns>One result per sweep.</returns>
    public static IReadOnlyList<SweepResult> RunAll(StackedModel model, IReadOnlyList<Sweep> sweeps, SweepOptions? options = null) => SweepRunner.Run(model, sweeps, options);

    /// <summary>Plans the sweep without running it: cells, rows, memory, and the same for a loop of whole forward runs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How it would be run.</param>
    public SweepExplanation Explain(StackedModel model, SweepOptions? options = null) => SweepRunner.Explain(model, [this], options);

    /// <summary>Plans several sweeps that would run together.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sweeps">The sweeps.</param>
    /// <param name="options">How they would be run.</param>
    public static SweepExplanation ExplainAll(StackedModel model, IReadOnlyList<Sweep> sweeps, SweepOptions? options = null) => SweepRunner.Explain(model, sweeps, options);

    /// <summary>The experiment as JSON, in the schema <c>fathom.experiment/1</c>.</summary>
    public string ToJson() => Json.ExperimentJson.Text(Json.ExperimentJson.Write(this));

    /// <inheritdoc/>
    public virtual bool Equals(Sweep? other) => other is not null && EqualityContract == other.EqualityContract && From.Equals(other.From) && Into.Equals(other.Into)
        && Metric == other.Metric && MoreMetrics.SequenceEqual(other.MoreMetrics) && Direction == other.Direction && Replacement == other.Replacement && PrependBos == other.PrependBos;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(From, Into, Metric, Direction);

    /// <summary>The sweep with token ids, hook points and axes of a model.</summary>
    internal abstract ResolvedSweep Resolve(StackedModel model);
}
