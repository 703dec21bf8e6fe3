using Fathom.Hub.Protocol;
using Fathom.Hub.Storage;

namespace Fathom.Hub.Downloads;

/// <summary>Brings files of one commit into the cache, several at a time.</summary>
internal sealed class SnapshotDownload(HubConnection connection, HubOptions options, Retry retry, RepositoryFolder repository, string remoteId, string commit, Tally tally, Func<string, long?> freeBytes)
{
    private readonly RepositoryQueries _queries = new(connection, options, retry);
    private readonly Placement _placement = new(repository, options.UseSymlinks);

    /// <summary>Fills in the hash and length that the listing left open.</summary>
    public async Task<RemoteFile> Complete(RemoteFile file, CancellationToken cancellation)
    {
        RepositoryPath.Validate(file.Path);
        if (file is { Etag: not null, Bytes: not null })
        {
            return file;
        }

        var (_, described) = await _queries.Describe(remoteId, commit, file.Path, null, tally.Notice, cancellation).ConfigureAwait(false);
        return described.Bytes is not null ? described
            : throw new HubIntegrityException(file.Path, $"{file.Path}: {HubAddress.Host(options.Endpoint)} does not tell the file's length. If HF_ENDPOINT names a mirror, try another or unset it.");
    }

    /// <summary>Whether the cache has the file already; a blob at hand is linked into the snapshot.</summary>
    public bool Has(RemoteFile file) => _placement.Has(commit, file.Path, file.Etag!, file.Bytes!.Value);

    /// <summary>Fetches the files that are not here.</summary>
    public async Task Fetch(IReadOnlyList<RemoteFile> files, CancellationToken cancellation)
    {
        _placement.Prepare();
        tally.Expect(files.Select(f => (f.Path, f.Bytes!.Value)));
        var wanted = new List<RemoteFile>();
        foreach (var file in files)
        {
            if (Has(file))
            {
                tally.Done(file.Path);
            }
            else
            {
                wanted.Add(file);
            }
        }

        var needed = wanted.DistinctBy(f => f.Etag).Sum(f => f.Bytes!.Value);
        if (needed > 0 && freeBytes(repository.Root) is { } free && free < needed - AlreadyArrived(wanted))
        {
            throw new HubDiskFullException(repository.Root, needed, free);
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.ParallelFiles), CancellationToken = cancellation };
        await Parallel.ForEachAsync(wanted, parallel, async (file, token) => await FetchOne(file, token).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Makes the revision stand for the commit, once its files are here.</summary>
    public void Finish(string revision) => _placement.WriteRef(revision, commit);

    private long AlreadyArrived(IEnumerable<RemoteFile> files) => files
        .Sum(f => new DirectoryInfo(repository.Blobs).EnumerateFiles($"{f.Etag}.*.incomplete").Select(i => i.Length).DefaultIfEmpty().Max());

    private async Task FetchOne(RemoteFile file, CancellationToken cancellation)
    {
        var (etag, length) = (file.Etag!, file.Bytes!.Value);
        using var held = await FileLock.Acquire(repository.Lock(etag), () => tally.Notice($"{file.Path}: another download of it is under way; waiting for it"), cancellation).ConfigureAwait(false);
        if (!Has(file))
        {
            var target = _placement.Target(commit, file.Path, etag);
            try
            {
                using var blob = IncompleteBlob.Open(repository.Blobs, etag, length);
                using var download = new BlobDownload(connection, options, remoteId, commit, file);
                await retry.Run(file.Path, token => download.Attempt(blob, bytes => tally.Set(file.Path, bytes), token), tally.Notice, cancellation).ConfigureAwait(false);
                blob.Publish(target);
            }
            catch (IOException e) when ((e.HResult & 0xFFFF) is 28 or 112 or 122)
            {
                // ENOSPC, ERROR_DISK_FULL and EDQUOT: the disk filled up while writing.
                throw new HubDiskFullException(repository.Root, length, freeBytes(repository.Root), e);
            }

            IncompleteBlob.RemoveAbandoned(repository.Blobs, etag, target);
            _placement.Link(commit, file.Path, etag);
        }

        tally.Done(file.Path);
    }
}
