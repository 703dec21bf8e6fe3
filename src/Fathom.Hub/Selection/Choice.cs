namespace Fathom.Hub.Selection;

/// <summary>The files that a selection takes from a repository.</summary>
/// <param name="Files">The chosen names.</param>
/// <param name="Missing">What the selection requires and the repository lacks.</param>
/// <param name="ShardIndex">The chosen index whose shards are wanted too; null when the weights are one file.</param>
internal sealed record Choice(IReadOnlyList<string> Files, IReadOnlyList<string> Missing, string? ShardIndex = null);
