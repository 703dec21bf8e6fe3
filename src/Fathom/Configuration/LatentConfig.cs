namespace Fathom.Configuration;

/// <summary>Multi-head latent attention: keys and values of all heads are made from one compressed vector per position, queries from another where they are compressed too; positions enter through a few lanes beside them.</summary>
/// <param name="QueryRank">The width of the compressed queries; <see langword="null"/> where queries are projected directly.</param>
/// <param name="KeyValueRank">The width of the vector that keys and values are made from.</param>
/// <param name="DRope">The number of trailing lanes of each query and key that turn; the keys' are one vector for all heads.</param>
/// <param name="Norm">The norm of the compressed vectors.</param>
/// <remarks>Source: DeepSeek-AI 2024 (arXiv:2405.04434) §2.1.</remarks>
public sealed record LatentConfig(int? QueryRank, int KeyValueRank, int DRope, NormConfig Norm);
