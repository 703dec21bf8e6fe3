namespace Fathom.Hub;

/// <summary>What a removal did.</summary>
/// <param name="RepoId">The repository.</param>
/// <param name="Commits">The commits that are gone.</param>
/// <param name="BytesFreed">Room that became free; contents that another commit still shows stay.</param>
public sealed record CacheRemoval(string RepoId, IReadOnlyList<string> Commits, long BytesFreed);
