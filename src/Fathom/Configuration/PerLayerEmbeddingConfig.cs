namespace Fathom.Configuration;

/// <summary>A second embedding with a narrow vector per token and layer, joined to a projection of the first one, which each block reads beside the stream (Gemma 3n).</summary>
/// <param name="Rows">The number of tokens that have such vectors.</param>
/// <param name="Width">The width of a layer's vector.</param>
/// <param name="Norm">The norm of the projected embedding, over one layer's vector.</param>
/// <remarks>Source: the released code of Google's Gemma 3n models.</remarks>
public sealed record PerLayerEmbeddingConfig(int Rows, int Width, NormConfig Norm);
