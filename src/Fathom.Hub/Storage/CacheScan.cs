namespace Fathom.Hub.Storage;

/// <summary>Lists what the cache holds.</summary>
internal static class CacheScan
{
    /// <summary>Every model repository that has at least one snapshot or unfinished download.</summary>
    public static IEnumerable<CachedRepository> All(string cache) => !Directory.Exists(cache) ? [] : Directory.EnumerateDirectories(cache, "models--*")
        .Select(f => RepositoryId.FromFolderName(Path.GetFileName(f))).OfType<string>().Order(StringComparer.OrdinalIgnoreCase)
        .Select(id => One(new RepositoryFolder(cache, id)));

    /// <summary>One repository.</summary>
    public static CachedRepository One(RepositoryFolder repository)
    {
        var refs = Refs(repository);
        var contents = new Dictionary<string, FileInfo>(StringComparer.Ordinal);
        var revisions = new List<(DateTime Written, CachedRevision Revision)>();
        foreach (var commit in Commits(repository))
        {
            var snapshot = SnapshotReader.Read(repository, commit, commit)!;
            foreach (var file in snapshot.Files)
            {
                var real = RealPath.Of(file.LocalPath) ?? file.LocalPath;
                contents.TryAdd(real, new FileInfo(real));
            }

            revisions.Add((Directory.GetLastWriteTimeUtc(snapshot.Folder), new CachedRevision
            {
                Commit = commit,
                Refs = [.. refs.Where(r => r.Commit == commit).Select(r => r.Name)],
                FileCount = snapshot.Files.Count,
                Bytes = snapshot.Files.Sum(f => f.Bytes),
            }));
        }

        var blobs = Blobs(repository).ToArray();
        var unfinished = blobs.Where(b => b.Name.EndsWith(".incomplete", StringComparison.Ordinal)).Sum(b => b.Length);
        var all = contents.Values.Concat(blobs.Select(b => new FileInfo(RealPath.Of(b.FullName) ?? b.FullName))).DistinctBy(f => f.FullName).ToArray();
        return new CachedRepository
        {
            RepoId = repository.RepoId,
            Folder = repository.Root,
            Bytes = all.Sum(f => f.Length),
            UnfinishedBytes = unfinished,
            LastModified = all.Select(f => f.LastWriteTimeUtc).Append(Directory.GetLastWriteTimeUtc(repository.Root)).Max(),
            Revisions = [.. revisions.OrderByDescending(r => r.Written).ThenBy(r => r.Revision.Commit, StringComparer.Ordinal).Select(r => r.Revision)],
        };
    }

    /// <summary>The commits that have a snapshot.</summary>
    public static IEnumerable<string> Commits(RepositoryFolder repository) => !Directory.Exists(repository.Snapshots) ? [] :
        Directory.EnumerateDirectories(repository.Snapshots).Select(d => Path.GetFileName(d)).Where(RevisionName.IsCommit);

    /// <summary>The refs that hold a commit.</summary>
    public static IReadOnlyList<(string Name, string Commit)> Refs(RepositoryFolder repository) => !Directory.Exists(repository.Refs) ? [] :
        [.. Directory.EnumerateFiles(repository.Refs, "*", SearchOption.AllDirectories)
            .Select(f => (Name: Path.GetRelativePath(repository.Refs, f).Replace('\\', '/'), Commit: RepositoryFolder.ReadRef(f)))
            .Where(r => r.Commit is not null).Select(r => (r.Name, r.Commit!)).OrderBy(r => r.Name, StringComparer.Ordinal)];

    /// <summary>The blobs, unfinished ones included.</summary>
    public static IEnumerable<FileInfo> Blobs(RepositoryFolder repository) => Directory.Exists(repository.Blobs) ? new DirectoryInfo(repository.Blobs).EnumerateFiles() : [];
}
