namespace Fathom.Hub;

/// <summary>A model in the shared cache and the room it takes.</summary>
public sealed record CachedRepository
{
    /// <summary>The repository.</summary>
    public required string RepoId { get; init; }

    /// <summary>Its folder in the cache.</summary>
    public required string Folder { get; init; }

    /// <summary>Bytes on disk, each content counted once however many revisions show it, unfinished downloads included.</summary>
    public required long Bytes { get; init; }

    /// <summary>The part of <see cref="Bytes"/> that unfinished downloads take.</summary>
    public required long UnfinishedBytes { get; init; }

    /// <summary>When a file of it last changed, in UTC.</summary>
    public required DateTime LastModified { get; init; }

    /// <summary>The commits at hand, the newest first.</summary>
    public required IReadOnlyList<CachedRevision> Revisions { get; init; }
}
