namespace Fathom.Hub.Storage;

/// <summary>Removes models from the cache, unless a download of them is under way.</summary>
internal static class CacheCleaning
{
    /// <summary>Removes a whole repository.</summary>
    public static CacheRemoval RemoveAll(RepositoryFolder repository)
    {
        using var locks = new Held(repository);
        var scan = CacheScan.One(repository);
        var commits = CacheScan.Commits(repository).ToArray();
        Directory.Delete(repository.Root, recursive: true);
        return new CacheRemoval(repository.RepoId, commits, scan.Bytes);
    }

    /// <summary>Removes one commit, the refs that stand for it, and the contents that no other commit shows.</summary>
    public static CacheRemoval RemoveCommit(RepositoryFolder repository, string commit)
    {
        using var locks = new Held(repository);
        var before = CacheScan.One(repository).Bytes;
        foreach (var (name, _) in CacheScan.Refs(repository).Where(r => r.Commit == commit))
        {
            File.Delete(repository.Ref(name));
        }

        Directory.Delete(repository.Snapshot(commit), recursive: true);
        var absent = Path.Combine(repository.Root, ".no_exist", commit);
        if (Directory.Exists(absent))
        {
            Directory.Delete(absent, recursive: true);
        }

        var shown = CacheScan.Commits(repository).SelectMany(c => SnapshotReader.Read(repository, c, c)!.Files)
            .Select(f => RealPath.Of(f.LocalPath)).ToHashSet();
        foreach (var blob in CacheScan.Blobs(repository).Where(b => !b.Name.EndsWith(".incomplete", StringComparison.Ordinal) && !shown.Contains(RealPath.Of(b.FullName))))
        {
            blob.Delete();
        }

        return new CacheRemoval(repository.RepoId, [commit], before - CacheScan.One(repository).Bytes);
    }

    /// <summary>Removes what unfinished downloads left, in every repository that no process downloads now.</summary>
    public static long RemoveUnfinished(string cache)
    {
        long freed = 0;
        foreach (var repository in CacheScan.All(cache).Where(r => r.UnfinishedBytes > 0).Select(r => new RepositoryFolder(cache, r.RepoId)))
        {
            using var locks = Held.Try(repository);
            foreach (var blob in locks is null ? [] : CacheScan.Blobs(repository).Where(b => b.Name.EndsWith(".incomplete", StringComparison.Ordinal)).ToArray())
            {
                freed += blob.Length;
                blob.Delete();
            }
        }

        return freed;
    }

    /// <summary>All locks of a repository, so that no download runs beside the removal.</summary>
    private sealed class Held : IDisposable
    {
        private readonly List<FileLock> _locks = [];

        public Held(RepositoryFolder repository)
        {
            if (Fill(repository) is { } busy)
            {
                Dispose();
                throw new CacheInUseException(repository.RepoId, busy);
            }
        }

        private Held()
        {
        }

        public static Held? Try(RepositoryFolder repository)
        {
            var held = new Held();
            if (held.Fill(repository) is null)
            {
                return held;
            }

            held.Dispose();
            return null;
        }

        public void Dispose() => _locks.ForEach(l => l.Dispose());

        private string? Fill(RepositoryFolder repository)
        {
            foreach (var file in Directory.Exists(repository.Locks) ? Directory.GetFiles(repository.Locks, "*.lock") : [])
            {
                if (FileLock.TryAcquire(file) is not { } held)
                {
                    return file;
                }

                _locks.Add(held);
            }

            return null;
        }
    }
}
