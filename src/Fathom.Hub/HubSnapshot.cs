namespace Fathom.Hub;

/// <summary>The files of a repository at one commit, as far as this machine has them.</summary>
public sealed record HubSnapshot
{
    /// <summary>The repository, as the cache names it.</summary>
    public required string RepoId { get; init; }

    /// <summary>The revision that was asked for, e.g. <c>main</c> or <c>step3000</c>.</summary>
    public required string Revision { get; init; }

    /// <summary>The commit that the revision stands for: 40 hexadecimal digits.</summary>
    public required string Commit { get; init; }

    /// <summary>The folder that holds the files under their names in the repository.</summary>
    public required string Folder { get; init; }

    /// <summary>The files at hand, in the order of their names.</summary>
    public required IReadOnlyList<HubFile> Files { get; init; }

    /// <summary>Entries that are not used, each with the reason: a link out of the cache, a link to nothing.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Something that the user should know about how the files were found; null as a rule.</summary>
    public string? Notice { get; init; }

    /// <summary>The file of that name, or null.</summary>
    /// <param name="path">A name in the repository, e.g. <c>config.json</c>.</param>
    public HubFile? TryFile(string path) => Files.FirstOrDefault(f => f.Path.Equals(path, StringComparison.Ordinal));

    /// <summary>The file of that name.</summary>
    /// <param name="path">A name in the repository, e.g. <c>config.json</c>.</param>
    /// <exception cref="ModelNotCachedException">This machine does not have it.</exception>
    public HubFile File(string path) => TryFile(path)
        ?? throw new ModelNotCachedException(RepoId, Revision, [path], System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(Folder))!, Ignored.FirstOrDefault(i => i.StartsWith(path + ":", StringComparison.Ordinal)));

    /// <inheritdoc/>
    public override string ToString() => $"{RepoId}@{Commit[..8]} ({Files.Count} files)";
}
