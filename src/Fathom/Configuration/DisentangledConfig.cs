namespace Fathom.Configuration;

/// <summary>Disentangled attention: beside content with content, queries meet the vector of the distance to a key, and keys the vector of the distance to a query.</summary>
/// <param name="Span">The number of distances on each side that have a vector of their own.</param>
/// <param name="MaxDistance">The distance from which on all share the last vector, in tokens.</param>
/// <remarks>Vectors of distances are projected by the layer's own query and key weights. Up to half of <paramref name="Span"/> each distance has a vector; beyond, they share logarithmic buckets. Source: He et al. 2020 (arXiv:2006.03654) §3.1; buckets and shared weights: He et al. 2021 (arXiv:2111.09543).</remarks>
public sealed record DisentangledConfig(int Span, int MaxDistance);
