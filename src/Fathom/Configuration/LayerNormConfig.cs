namespace Fathom.Configuration;

/// <summary><c>(x - mean) / √(var + ε) · w + b</c>, with the biased variance.</summary>
/// <param name="Epsilon">The value added to the variance, inside the root.</param>
/// <param name="Gain">Whether there is a gain <c>w</c>.</param>
/// <param name="Bias">Whether there is a bias <c>b</c>.</param>
/// <param name="GainOffset">A constant added to the stored gain: 1 where files hold <c>w - 1</c>.</param>
/// <remarks>Source: Ba et al. 2016 (arXiv:1607.06450).</remarks>
public sealed record LayerNormConfig(double Epsilon, bool Gain = true, bool Bias = true, double GainOffset = 0) : NormConfig(Epsilon);
