namespace Fathom.Configuration;

/// <summary>T5: a learned bias per bucket of distance and head.</summary>
/// <param name="Buckets">The number of buckets.</param>
/// <param name="MaxDistance">The distance from which on all share the last bucket, in tokens.</param>
/// <param name="Bidirectional">Whether later keys have buckets of their own.</param>
/// <param name="OwnsTable">Whether this layer holds the table (the first of a stack) or reads that of the first.</param>
/// <remarks>Source: Raffel et al. 2019 (arXiv:1910.10683) §2.1.</remarks>
public sealed record RelativeBiasConfig(int Buckets, int MaxDistance, bool Bidirectional, bool OwnsTable) : ScoreBiasConfig;
