namespace Fathom.Hub;

/// <summary>What a download would bring.</summary>
public sealed record DownloadPlan
{
    /// <summary>The repository.</summary>
    public required string RepoId { get; init; }

    /// <summary>The revision that was asked for.</summary>
    public required string Revision { get; init; }

    /// <summary>The commit that it stands for now.</summary>
    public required string Commit { get; init; }

    /// <summary>The wanted files.</summary>
    public required IReadOnlyList<PlannedFile> Files { get; init; }

    /// <summary>Length of all wanted files.</summary>
    public long TotalBytes => Files.Sum(f => f.Bytes);

    /// <summary>Length of those that are not on this machine yet.</summary>
    public long BytesToFetch => Files.Where(f => !f.IsHere).Sum(f => f.Bytes);
}
