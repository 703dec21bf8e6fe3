namespace Fathom.Patching;

/// <summary>The mean over calibration prompts, position by position (mean ablation).</summary>
/// <param name="Over">The calibration prompts.</param>
public sealed record MeanReplacement(Prompts Over) : Replacement
{
    /// <inheritdoc/>
    public override string Name => "mean";
}
