namespace Fathom.Configuration;

/// <summary>A gated short convolution: <c>(C ⊙ conv(B ⊙ x))·W_out</c>, with both gates and <c>x</c> projected from the stream (LFM2).</summary>
/// <param name="DInner">The number of channels.</param>
/// <param name="Kernel">The number of positions that the convolution sees, its own included.</param>
/// <param name="Bias">Whether the projections and the convolution have biases.</param>
/// <remarks>Source: Liquid AI 2025 (arXiv:2511.23404).</remarks>
public sealed record ShortConvolutionConfig(int DInner, int Kernel, bool Bias = false) : MixerConfig;
