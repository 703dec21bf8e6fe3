using System.Security.Cryptography;
using System.Text;

namespace Fathom.Hub.Storage;

/// <summary>Puts finished files where readers look: blobs, links in snapshots, refs. Every step is a rename.</summary>
/// <param name="repository">The repository's folder.</param>
/// <param name="useLinks">Whether links are wanted; where the disk cannot link, files lie in the snapshots all the same.</param>
internal sealed class Placement(RepositoryFolder repository, bool useLinks)
{
    private const string CacheTag = "Signature: 8a477f597d28d172789f06886806bc55\n# This file marks a cache folder (https://bford.info/cachedir/); backups may skip it.\n";

    private readonly Lazy<bool> _links = new(() => useLinks && CanLink(repository.Root));

    /// <summary>Makes the folders that every client expects.</summary>
    public void Prepare()
    {
        foreach (var folder in (string[])[repository.Blobs, repository.Snapshots, repository.Refs, repository.Locks])
        {
            Directory.CreateDirectory(folder);
        }

        var tag = Path.Combine(repository.CacheFolder, "CACHEDIR.TAG");
        if (!File.Exists(tag))
        {
            WriteWhole(tag, CacheTag);
        }
    }

    /// <summary>Where a finished download goes: the blob, or the snapshot's file where links are not used.</summary>
    public string Target(string commit, string path, string etag) => _links.Value ? repository.Blob(etag) : SnapshotFile(commit, path);

    /// <summary>Whether the snapshot has the file; a blob that is already here is linked into it.</summary>
    public bool Has(string commit, string path, string etag, long length)
    {
        var blob = repository.Blob(etag);
        if (IsRegular(blob, length))
        {
            Link(commit, path, etag);
            return true;
        }

        return IsRegular(SnapshotFile(commit, path), length) || (!_links.Value && CopyFromOther(commit, path, etag, length));
    }

    /// <summary>Makes the snapshot show the blob, replacing whatever was there.</summary>
    public void Link(string commit, string path, string etag)
    {
        var file = SnapshotFile(commit, path);
        var blob = repository.Blob(etag);
        if (!File.Exists(blob))
        {
            return; // The file itself lies in the snapshot.
        }

        if (!_links.Value)
        {
            if (!IsRegular(file, new FileInfo(blob).Length))
            {
                ReplaceByCopy(blob, file);
            }

            return;
        }

        var up = string.Concat(Enumerable.Repeat(".." + Path.DirectorySeparatorChar, path.Count(c => c == '/') + 2));
        var target = $"{up}blobs{Path.DirectorySeparatorChar}{etag}";
        if (new FileInfo(file).LinkTarget != target)
        {
            var temporary = Temporary();
            File.CreateSymbolicLink(temporary, target);
            File.Move(temporary, file, overwrite: true);
        }
    }

    /// <summary>Records which commit a revision stands for.</summary>
    public void WriteRef(string revision, string commit)
    {
        if (!RevisionName.IsCommit(revision) && RepositoryFolder.ReadRef(repository.Ref(revision)) != commit)
        {
            WriteWhole(repository.Ref(revision), commit);
        }
    }

    /// <summary>Records that a commit has no such file, so that Python need not ask.</summary>
    public void MarkAbsent(string commit, string path) => WriteWhole(repository.AbsentMark(commit, path), "");

    private bool CopyFromOther(string commit, string path, string etag, long length)
    {
        foreach (var other in Directory.Exists(repository.Snapshots) ? Directory.GetDirectories(repository.Snapshots) : [])
        {
            var name = Path.GetFileName(other);
            if (name != commit && RevisionName.IsCommit(name) && repository.SnapshotFile(name, path) is var file && IsRegular(file, length) && BlobHash.Matches(file, etag))
            {
                ReplaceByCopy(file, SnapshotFile(commit, path));
                return true;
            }
        }

        return false;
    }

    private string SnapshotFile(string commit, string path)
    {
        var file = repository.SnapshotFile(commit, path);
        var folder = Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(folder);
        return RealPath.Of(folder) is { } real && RealPath.Of(repository.Root) is { } root && RealPath.IsBelow(real, root) ? file
            : throw new HubIntegrityException(path, $"The folder {folder} leads out of the cache through a link. Remove that link, and look who else writes to this cache.");
    }

    private static bool IsRegular(string file, long length) => new FileInfo(file) is { Exists: true, LinkTarget: null } info && info.Length == length;

    private void ReplaceByCopy(string from, string to)
    {
        var temporary = Temporary();
        File.Copy(from, temporary);
        File.Move(temporary, to, overwrite: true);
    }

    // Temporary names lie outside refs and snapshots, where other clients would take them for entries.
    private string Temporary() => Path.Combine(repository.Root, $".{Random()}.tmp");

    private void WriteWhole(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var temporary = Temporary();
        using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0))
        {
            stream.Write(Encoding.ASCII.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, file, overwrite: true);
    }

    private static bool CanLink(string root)
    {
        var probe = Path.Combine(root, $".{Random()}.tmp");
        try
        {
            File.CreateSymbolicLink(probe, "blobs");
            File.Delete(probe);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    private static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
}
