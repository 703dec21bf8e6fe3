namespace Fathom.Hub.Storage;

/// <summary>Lists a snapshot's files and refuses links that leave their repository.</summary>
internal static class SnapshotReader
{
    private const int DeepestFolder = 32;

    /// <summary>The snapshot of <paramref name="commit"/>; null if the cache has none.</summary>
    public static HubSnapshot? Read(RepositoryFolder repository, string revision, string commit)
    {
        var folder = repository.Snapshot(commit);
        if (!Directory.Exists(folder) || RealPath.Of(repository.Root) is not { } root)
        {
            return null;
        }

        var files = new List<HubFile>();
        var ignored = new List<string>();
        var blobs = Directory.Exists(repository.Blobs) ? RealPath.Of(repository.Blobs) : null;
        Walk(new DirectoryInfo(folder), "", 0, new Allowed(root, blobs), files, ignored);
        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return new HubSnapshot { RepoId = repository.RepoId, Revision = revision, Commit = commit, Folder = folder, Files = files, Ignored = ignored };
    }

    private static void Walk(DirectoryInfo folder, string prefix, int depth, Allowed allowed, List<HubFile> files, List<string> ignored)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            var path = prefix + entry.Name;
            if (entry.LinkTarget is not null)
            {
                var target = RealPath.Of(entry.FullName);
                if (target is null || !File.Exists(target))
                {
                    ignored.Add($"{path}: its link leads to no file");
                }
                else if (!allowed.Holds(target))
                {
                    ignored.Add($"{path}: its link leaves the repository's blobs");
                }
                else
                {
                    files.Add(new HubFile(path, entry.FullName, new FileInfo(target).Length));
                }
            }
            else if (entry is DirectoryInfo inner)
            {
                if (depth < DeepestFolder)
                {
                    Walk(inner, path + "/", depth + 1, allowed, files, ignored);
                }
                else
                {
                    ignored.Add($"{path}: folders nested deeper than {DeepestFolder}");
                }
            }
            else
            {
                files.Add(new HubFile(path, entry.FullName, ((FileInfo)entry).Length));
            }
        }
    }

    private sealed record Allowed(string Root, string? Blobs)
    {
        // The blobs folder may itself be a link to a larger disk; what it holds still belongs to the repository.
        public bool Holds(string target) => RealPath.IsBelow(target, Root) || (Blobs is not null && RealPath.IsBelow(target, Blobs));
    }
}
