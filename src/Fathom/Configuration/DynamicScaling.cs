namespace Fathom.Configuration;

/// <summary>A base that grows with the length of the run once it exceeds the trained context (dynamic NTK).</summary>
/// <param name="Factor">The scaling factor.</param>
/// <param name="OriginalContext">The trained context, in tokens.</param>
public sealed record DynamicScaling(double Factor, int OriginalContext) : RotaryScaling;
