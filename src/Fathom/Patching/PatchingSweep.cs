using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Patching;

/// <summary>Activation patching at every index of some axes: activations of one run are put into another, one place at a time. A sweep is a value: print it, save it, change it with <c>with</c>, run it twice.</summary>
/// <remarks>Axes that are not swept are patched as a whole, or at the indices chosen by <see cref="Layers"/>, <see cref="Positions"/>, <see cref="Heads"/>, <see cref="Sources"/> and <see cref="Neurons"/> together.
/// Patches at several layers are clamped: every value comes from the recorded run, not from the run being patched.
/// Source: Meng et al. 2022 (arXiv:2202.05262); the words noising and denoising after Heimersheim and Nanda 2024 (arXiv:2404.15255).</remarks>
public sealed record PatchingSweep : Sweep
{
    /// <summary>What is patched.</summary>
    public required Site Site { get; init; }

    /// <summary>The axes swept, in the order of the result: one cell per combination.</summary>
    public required IReadOnlyList<Axis> Over { get; init; }

    /// <summary>The layers patched (rows, for <see cref="Site.ResidualStream"/>); <see langword="null"/> for all. Negative indices count from the end.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>The positions patched (of queries, for scores and patterns); <see langword="null"/> for all. Negative indices count from the end.</summary>
    public IReadOnlyList<int>? Positions { get; init; }

    /// <summary>The heads patched (key-value heads where the site has those); <see langword="null"/> for all.</summary>
    public IReadOnlyList<int>? Heads { get; init; }

    /// <summary>The key positions patched, for scores and patterns; <see langword="null"/> for all.</summary>
    public IReadOnlyList<int>? Sources { get; init; }

    /// <summary>The neurons patched; <see langword="null"/> for all.</summary>
    public IReadOnlyList<int>? Neurons { get; init; }

    /// <inheritdoc/>
    public override string What => $"{Site}";

    /// <summary>Reads what <see cref="Sweep.ToJson"/> wrote.</summary>
    /// <param name="json">The document.</param>
    /// <exception cref="SweepFormatException">It is no experiment, or has a key that no experiment has.</exception>
    public static PatchingSweep FromJson(string json) => Json.ExperimentJson.Read<PatchingSweep>(Json.JsonPart.Parse(json));

    /// <inheritdoc/>
    public bool Equals(PatchingSweep? other) => base.Equals(other) && Places == other.Places;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Places);

    /// <inheritdoc/>
    public override string ToString() => $"{Site} over {string.Join(" x ", Over)}, from {From} into {Into} ({Direction}), {Metric}";

    internal Places Places => new() { Site = Site, Over = Over, Layers = Layers, Positions = Positions, Heads = Heads, Sources = Sources, Neurons = Neurons };

    internal override ResolvedSweep Resolve(StackedModel model) => new ResolvedPatching(this, model);
}
