using Fathom.Models;

namespace Fathom.Patching;

/// <summary>An experiment that puts activations of one run into another, one cell after the other, and scores what comes out. Closed: <see cref="PatchingSweep"/>.</summary>
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

    /// <summary>The experiment as JSON, in the schema <c>fathom.experiment/1</c>.</summary>
    public string ToJson() => Json.ExperimentJson.Text(Json.ExperimentJson.Write(this));

    /// <inheritdoc/>
    public virtual bool Equals(Sweep? other) => other is not null && EqualityContract == other.EqualityContract && From.Equals(other.From) && Into.Equals(other.Into)
        && Metric == other.Metric && MoreMetrics.SequenceEqual(other.MoreMetrics) && Direction == other.Direction && Replacement == other.Replacement && PrependBos == other.PrependBos;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(From, Into, Metric, Direction);

    /// <summary>The sweep with token ids, hook points and axes of a model.</summary>
    internal abstract ResolvedSweep Resolve(HookedTransformer model);
}
