using Fathom.Models;

namespace Fathom.Patching;

/// <summary>Exact path patching: what a sender writes to the residual stream is replaced for some readers alone, and nothing else sees the change. Every sender goes with every reader.</summary>
/// <remarks>
/// The input of each reader becomes that of the unpatched run, plus the patched sender's output, minus its unpatched output. Everything between sender and reader keeps its unpatched output;
/// the reader's norm is computed anew on the changed input, and what follows from the reader runs as usual. Readers of one set at several layers are clamped to those inputs.
/// Where a norm follows attention, a head's output is what it changes behind that norm; where norms act on the stream, the change passes through them.
/// Source: Wang et al. 2022 (arXiv:2211.00593), Goldowsky-Dill et al. 2023 (arXiv:2304.05969).
/// </remarks>
public sealed record PathSweep : Sweep
{
    /// <summary>What sends: heads (<see cref="Site.Z"/>, <see cref="Site.Result"/>), <see cref="Site.AttnOut"/>, <see cref="Site.MlpOut"/> or the stream itself (<see cref="Site.ResidPre"/>, ...), along some axes.</summary>
    public required Places Senders { get; init; }

    /// <summary>What reads.</summary>
    public required Readers Readers { get; init; }

    /// <summary>What the readers' norms do.</summary>
    public ReaderNorm Norm { get; init; }

    /// <inheritdoc/>
    public override string What => $"{Senders.Site} to {Readers}{(Norm == ReaderNorm.FrozenScale ? " with frozen norms" : "")}";

    /// <summary>Reads what <see cref="Sweep.ToJson"/> wrote.</summary>
    /// <param name="json">The document.</param>
    /// <exception cref="SweepFormatException">It is no path experiment, or has a key that none has.</exception>
    public static PathSweep FromJson(string json) => Json.ExperimentJson.Read<PathSweep>(Json.JsonPart.Parse(json));

    /// <inheritdoc/>
    public bool Equals(PathSweep? other) => base.Equals(other) && Senders == other.Senders && Readers == other.Readers && Norm == other.Norm;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Senders, Readers, Norm);

    /// <inheritdoc/>
    public override string ToString() => $"{What}, from {From} into {Into} ({Direction}), {Metric}";

    internal override ResolvedSweep Resolve(StackedModel model) => new Paths.ResolvedPaths(this, model);
}
