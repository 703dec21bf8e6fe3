using System.Text;

namespace Fathom.Hub.Storage;

/// <summary>The paths of one model repository in the shared cache, and the refs kept there.</summary>
/// <param name="cacheFolder">The cache's folder.</param>
/// <param name="repoId">A valid repository id.</param>
internal sealed class RepositoryFolder(string cacheFolder, string repoId)
{
    public string CacheFolder => cacheFolder;

    public string RepoId { get; } = RepositoryId.Validate(repoId);

    public string Root { get; } = Path.Combine(cacheFolder, RepositoryId.FolderName(repoId));

    public string Blobs => Path.Combine(Root, "blobs");

    public string Snapshots => Path.Combine(Root, "snapshots");

    public string Refs => Path.Combine(Root, "refs");

    public string Locks => Path.Combine(cacheFolder, ".locks", RepositoryId.FolderName(RepoId));

    public string Blob(string etag) => Path.Combine(Blobs, etag);

    public string Snapshot(string commit) => Path.Combine(Snapshots, commit);

    public string SnapshotFile(string commit, string path) => Path.Combine(Snapshot(commit), Local(RepositoryPath.Validate(path)));

    public string AbsentMark(string commit, string path) => Path.Combine(Root, ".no_exist", commit, Local(RepositoryPath.Validate(path)));

    public string Ref(string revision) => Path.Combine(Refs, Local(RevisionName.Validate(revision)));

    public string Lock(string etag) => Path.Combine(Locks, etag + ".lock");

    /// <summary>The commit that the cache knows for a revision; null if it knows none.</summary>
    public string? CommitOf(string revision)
    {
        if (RevisionName.IsCommit(revision))
        {
            return revision;
        }

        if (ReadRef(Ref(revision)) is { } commit)
        {
            return commit;
        }

        if (!RevisionName.IsShortCommit(revision) || !Directory.Exists(Snapshots))
        {
            return null;
        }

        var matches = Directory.EnumerateDirectories(Snapshots, revision + "*").Select(d => Path.GetFileName(d)).Where(RevisionName.IsCommit).Take(2).ToArray();
        return matches.Length == 1 ? matches[0] : null;
    }

    /// <summary>The commit in a ref's file; null if there is no such file or it holds anything else.</summary>
    public static string? ReadRef(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            Span<byte> text = stackalloc byte[64];
            var length = stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            var commit = Encoding.ASCII.GetString(text[..length]).Trim();
            return RevisionName.IsCommit(commit) ? commit : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // An absent ref is the ordinary case; a folder of that name (refs/pr) answers "access denied".
            return null;
        }
    }

    private static string Local(string path) => Path.DirectorySeparatorChar == '/' ? path : path.Replace('/', Path.DirectorySeparatorChar);
}
