using Fathom.Models;

namespace Fathom.Patching;

/// <summary>Pairs of patches: how much two places do together beyond what each does alone, <c>f(ab) - f(a) - f(b) + f(0)</c> for every place of one set with every place of another.</summary>
/// <remarks>0 means that the effects add up. The result's first metric is the interaction and the one after all interactions is the plain metric of both patches together.
/// A place together with itself is no pair: its cell has no number.</remarks>
public sealed record PairSweep : Sweep
{
    /// <summary>The places of the first patch.</summary>
    public required Places First { get; init; }

    /// <summary>The places of the second patch.</summary>
    public required Places Second { get; init; }

    /// <inheritdoc/>
    public override string What => $"{First.Site} with {Second.Site}";

    /// <summary>Reads what <see cref="Sweep.ToJson"/> wrote.</summary>
    /// <param name="json">The document.</param>
    /// <exception cref="SweepFormatException">It is no experiment with pairs, or has a key that none has.</exception>
    public static PairSweep FromJson(string json) => Json.ExperimentJson.Read<PairSweep>(Json.JsonPart.Parse(json));

    /// <inheritdoc/>
    public bool Equals(PairSweep? other) => base.Equals(other) && First == other.First && Second == other.Second;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), First, Second);

    /// <inheritdoc/>
    public override string ToString() => $"Interaction of {First} with {Second}, from {From} into {Into} ({Direction}), {Metric}";

    internal override ResolvedSweep Resolve(StackedModel model) => new ResolvedPairs(this, model);
}
