namespace Fathom.Configuration;

/// <summary>A learned vector per distance, which attention reads in every layer.</summary>
/// <param name="Count">The number of vectors: twice the distances on one side.</param>
/// <param name="Norm">The norm of the vectors.</param>
public sealed record RelativeEmbedConfig(int Count, LayerNormConfig Norm);
