namespace Fathom.Patching;

/// <summary>Zeros (zero ablation).</summary>
public sealed record ZeroReplacement : Replacement;
