namespace Fathom.Hub;

/// <summary>How far a download is; reports come from several threads, a few times a second.</summary>
public sealed record HubProgress
{
    /// <summary>The repository.</summary>
    public required string RepoId { get; init; }

    /// <summary>The file that this report is about; null for one about the whole.</summary>
    public string? File { get; init; }

    /// <summary>Bytes of that file that are here.</summary>
    public long FileBytes { get; init; }

    /// <summary>That file's length.</summary>
    public long FileLength { get; init; }

    /// <summary>Bytes of all wanted files that are here, those found in the cache included.</summary>
    public required long Bytes { get; init; }

    /// <summary>Length of all wanted files.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Finished files.</summary>
    public required int FilesDone { get; init; }

    /// <summary>Wanted files.</summary>
    public required int FileCount { get; init; }

    /// <summary>Something that the user should know: a retry, a pause, a wait for another process; null as a rule.</summary>
    public string? Notice { get; init; }

    /// <summary>The finished part, 0 to 1.</summary>
    public double Fraction => TotalBytes == 0 ? 1 : (double)Bytes / TotalBytes;
}
