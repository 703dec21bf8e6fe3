namespace Fathom.Patching;

/// <summary>Zeros (zero ablation).</summary>
public sealed record ZeroReplacement : Replacement
{
    /// <inheritdoc/>
    public override string Name => "zero";
}
