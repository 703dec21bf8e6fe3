namespace Fathom.Configuration;

/// <summary>YaRN: frequencies below a ramp divided by a factor, those above it kept, and a factor on cosines and sines.</summary>
/// <param name="Factor">The divisor of the low frequencies.</param>
/// <param name="OriginalContext">The trained context, in tokens.</param>
/// <param name="BetaFast">Turns over the trained context above which a frequency is kept.</param>
/// <param name="BetaSlow">Turns over the trained context below which a frequency is divided in full.</param>
/// <param name="AttentionFactor">The factor on cosines and sines.</param>
/// <param name="Truncate">Whether the ramp's ends are rounded to whole lanes.</param>
/// <remarks>Source: Peng et al. 2023 (arXiv:2309.00071).</remarks>
public sealed record YarnScaling(double Factor, int OriginalContext, double BetaFast = 32, double BetaSlow = 1, double AttentionFactor = 1, bool Truncate = true) : RotaryScaling;
