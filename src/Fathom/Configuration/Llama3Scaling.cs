namespace Fathom.Configuration;

/// <summary>Long wavelengths divided by a factor, short ones kept, a smooth ramp between.</summary>
/// <param name="Factor">The divisor of the lowest frequencies.</param>
/// <param name="LowFrequencyFactor">Wavelengths above <c>OriginalContext / this</c> are divided in full.</param>
/// <param name="HighFrequencyFactor">Wavelengths below <c>OriginalContext / this</c> are kept.</param>
/// <param name="OriginalContext">The trained context, in tokens.</param>
/// <remarks>Source: Llama Team 2024 (arXiv:2407.21783) and its released code.</remarks>
public sealed record Llama3Scaling(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalContext) : RotaryScaling;
