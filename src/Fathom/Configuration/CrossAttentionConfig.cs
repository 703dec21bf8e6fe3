namespace Fathom.Configuration;

/// <summary>Attention from a decoder's positions to the encoder's output. It has no positions of its own: neither rotation nor bias.</summary>
/// <param name="NHeads">The number of heads.</param>
/// <param name="DHead">The width of a head.</param>
/// <param name="Scale">The factor on <c>q·k</c>; 1 in T5.</param>
/// <param name="QkvBias">Whether queries, keys and values have biases.</param>
/// <param name="OutputBias">Whether the output projection has a bias.</param>
/// <remarks>Source: Vaswani et al. 2017 (arXiv:1706.03762) §3.2.3.</remarks>
public sealed record CrossAttentionConfig(int NHeads, int DHead, double Scale, bool QkvBias = false, bool OutputBias = false);
