namespace Fathom.Configuration;

/// <summary>A learned vector per position.</summary>
/// <param name="Offset">The row that belongs to the first position (OPT: 2).</param>
/// <param name="ToQueriesAndKeysOnly">Whether the vectors join only the inputs of queries and keys, not the residual stream (shortformer; Press et al. 2020, arXiv:2012.15832).</param>
public sealed record LearnedPositions(int Offset = 0, bool ToQueriesAndKeysOnly = false) : PositionConfig;
