namespace Fathom.Configuration;

/// <summary>A divisor per frequency, one list for runs within the trained context and one for longer runs.</summary>
/// <param name="ShortFactors">Divisors for runs up to <paramref name="OriginalContext"/> tokens, one per pair of lanes.</param>
/// <param name="LongFactors">Divisors for longer runs.</param>
/// <param name="OriginalContext">The trained context, in tokens.</param>
/// <param name="ShortAttentionFactor">The factor on cosines and sines in short runs.</param>
/// <param name="LongAttentionFactor">The factor on cosines and sines in long runs.</param>
/// <remarks>Source: Ding et al. 2024 (arXiv:2402.13753). All positions of a run use the same list.</remarks>
public sealed record LongRopeScaling(IReadOnlyList<double> ShortFactors, IReadOnlyList<double> LongFactors, int OriginalContext, double ShortAttentionFactor, double LongAttentionFactor) : RotaryScaling;
