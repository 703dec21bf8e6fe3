namespace Fathom.Patching;

/// <summary>The activation of another example of <c>From</c>, drawn once per example (resample ablation).</summary>
/// <param name="Seed">The seed of the draw.</param>
public sealed record ResampleReplacement(int Seed) : Replacement
{
    /// <inheritdoc/>
    public override string Name => "resample";
}
