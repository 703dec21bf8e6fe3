namespace Fathom.Configuration;

/// <summary>Fixed sines and cosines in halves, <c>[sin | cos]</c>: angle <c>position · Base^(-j/Divisor)</c> for <c>j</c> below half the width.</summary>
/// <param name="Offset">Added to the position before the angle is taken (XGLM: 2).</param>
/// <param name="Divisor">What the index is divided by in the exponent (XGLM: d_model/2 - 1).</param>
/// <param name="Base">The base of the geometric ladder.</param>
/// <remarks>Source: Vaswani et al. 2017 (arXiv:1706.03762) §3.5, with sines and cosines in halves instead of interleaved.</remarks>
public sealed record SinusoidalPositions(int Offset, double Divisor, double Base = 10000) : PositionConfig;
