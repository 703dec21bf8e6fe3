namespace Fathom.Configuration;

/// <summary>ALiBi: <c>slope · (key - query)</c> added to the scaled scores.</summary>
/// <param name="Slopes">One slope per head, as the family computes them.</param>
/// <param name="Factor">A factor on the bias (Falcon: <c>1/√d_head</c>).</param>
/// <remarks>Source: Press et al. 2021 (arXiv:2108.12409).</remarks>
public sealed record AlibiConfig(IReadOnlyList<double> Slopes, double Factor = 1) : ScoreBiasConfig;
