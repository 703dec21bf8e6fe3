namespace Fathom.Configuration;

/// <summary>A learned augmented residual layer beside attention: <c>x + norm(x·W_in·W_out)</c> through a narrow middle, joined to the stream with a factor <c>1/√2</c>.</summary>
/// <param name="Rank">The width of the middle.</param>
/// <param name="Norm">The norm of what it writes.</param>
/// <remarks>Source: Menghani et al. 2024 (arXiv:2411.07501).</remarks>
public sealed record LaurelConfig(int Rank, NormConfig Norm);
