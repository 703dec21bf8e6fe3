namespace Fathom.Configuration;

/// <summary>Every frequency divided by one factor (position interpolation).</summary>
/// <param name="Factor">The divisor.</param>
/// <remarks>Source: Chen et al. 2023 (arXiv:2306.15595).</remarks>
public sealed record LinearScaling(double Factor) : RotaryScaling;
