namespace Fathom.Hub;

/// <summary>One commit of a model in the shared cache.</summary>
public sealed record CachedRevision
{
    /// <summary>The commit: 40 hexadecimal digits.</summary>
    public required string Commit { get; init; }

    /// <summary>The branches, tags and pull requests that the cache knows to stand for it.</summary>
    public required IReadOnlyList<string> Refs { get; init; }

    /// <summary>Files at hand.</summary>
    public required int FileCount { get; init; }

    /// <summary>Length of those files, contents shared with other commits included.</summary>
    public required long Bytes { get; init; }
}
