using Fathom.Hub.Downloads;
using Fathom.Hub.Protocol;
using Fathom.Hub.Selection;
using Fathom.Hub.Storage;

namespace Fathom.Hub;

/// <summary>Fetches models from the hub into the shared cache, each file verified by its hash while it streams.</summary>
/// <remarks>Safe for several threads, and for several processes on one cache. In offline mode it opens no connection.</remarks>
public sealed class HubClient : IDisposable
{
    private readonly HubOptions _options;
    private readonly HubConnection _connection;
    private readonly Retry _retry;
    private readonly RepositoryQueries _queries;

    /// <summary>A client with the given options.</summary>
    /// <param name="options">Null takes <see cref="HubOptions.FromEnvironment"/>.</param>
    /// <exception cref="HubSettingException">An option or an environment variable has a value that cannot be meant.</exception>
    public HubClient(HubOptions? options = null)
    {
        _options = options ?? HubOptions.FromEnvironment();
        _connection = new HubConnection(_options);
        _retry = new Retry(_options, TimeProvider.System);
        _queries = new RepositoryQueries(_connection, _options, _retry);
        Cache = new HubCache(_options.CacheFolder);
    }

    /// <summary>The cache that this client fills.</summary>
    public HubCache Cache { get; }

    /// <summary>Free bytes on the disk of a folder; null if that cannot be told.</summary>
    internal Func<string, long?> FreeBytes { get; init; } = DiskSpace.FreeBytes;

    /// <summary>Makes sure that a model's files are on this machine, fetching what is missing.</summary>
    /// <param name="nameOrRepoId">An official name, an alias or a hub id.</param>
    /// <param name="revision">A branch, tag, commit or <c>refs/pr/N</c>; null is <c>main</c>.</param>
    /// <param name="selection">Which files; null is <see cref="FileSelection.Model"/>.</param>
    /// <param name="progress">Told how far the download is.</param>
    /// <param name="cancellation">Stops the download; what arrived is kept and resumed by the next.</param>
    /// <returns>The files on this machine. If the hub cannot be reached but the cache has them, they are returned with a notice.</returns>
    /// <exception cref="HubException">It did not work; the message, and the exception's own type, say why and what to do.</exception>
    public async Task<HubSnapshot> EnsureAsync(string nameOrRepoId, string? revision = null, FileSelection? selection = null, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        var wanted = selection ?? FileSelection.Model;
        var asked = RevisionName.Validate(revision ?? RevisionName.Default);
        if (_options.Offline)
        {
            return Cache.Find(nameOrRepoId, asked, wanted, offline: true);
        }

        if (RevisionName.IsCommit(asked) && Cache.TryFind(nameOrRepoId, asked, wanted) is { } pinned && wanted.IsSurelyComplete(pinned))
        {
            return pinned;
        }

        try
        {
            var fetch = await Begin(nameOrRepoId, asked, wanted, progress, cancellation).ConfigureAwait(false);
            if (UnderOtherName(fetch, asked) is { } other)
            {
                return other;
            }

            await fetch.Download.Fetch(fetch.Files, cancellation).ConfigureAwait(false);
            fetch.Download.Finish(asked);
            return SnapshotReader.Read(fetch.Repository, asked, fetch.Listing.Commit)!;
        }
        catch (HubUnreachableException e) when (Cache.TryFind(nameOrRepoId, asked, wanted) is { } cached)
        {
            return cached with { Notice = $"Using the copy on this machine (commit {cached.Commit[..8]}): {e.Host} cannot be reached, so it may not be the newest." };
        }
    }

    /// <summary>Says what <see cref="EnsureAsync"/> would fetch. A small index of shards is fetched on the way, if the model has one.</summary>
    /// <param name="nameOrRepoId">An official name, an alias or a hub id.</param>
    /// <param name="revision">A branch, tag, commit or <c>refs/pr/N</c>; null is <c>main</c>.</param>
    /// <param name="selection">Which files; null is <see cref="FileSelection.Model"/>.</param>
    /// <param name="cancellation">Stops asking.</param>
    /// <exception cref="HubException">It did not work; the message says why and what to do.</exception>
    public async Task<DownloadPlan> PlanAsync(string nameOrRepoId, string? revision = null, FileSelection? selection = null, CancellationToken cancellation = default)
    {
        var asked = RevisionName.Validate(revision ?? RevisionName.Default);
        RefuseOffline(nameOrRepoId, asked);
        var fetch = await Begin(nameOrRepoId, asked, selection ?? FileSelection.Model, null, cancellation).ConfigureAwait(false);
        return new DownloadPlan
        {
            RepoId = fetch.Repository.RepoId,
            Revision = asked,
            Commit = fetch.Listing.Commit,
            Files = [.. fetch.Files.Select(f => new PlannedFile(f.Path, f.Bytes!.Value, fetch.Download.Has(f)))],
        };
    }

    /// <summary>Fetches one small file, e.g. <c>config.json</c>, without asking for the list of files.</summary>
    /// <param name="nameOrRepoId">An official name, an alias or a hub id.</param>
    /// <param name="path">The file's name in the repository.</param>
    /// <param name="revision">A branch, tag, commit or <c>refs/pr/N</c>; null is <c>main</c>.</param>
    /// <param name="cancellation">Stops the download.</param>
    /// <exception cref="HubFileNotFoundException">The repository has no such file; the cache remembers that, as Python's does.</exception>
    /// <exception cref="HubException">It did not work; the message says why and what to do.</exception>
    public async Task<HubFile> EnsureFileAsync(string nameOrRepoId, string path, string? revision = null, CancellationToken cancellation = default)
    {
        var asked = RevisionName.Validate(revision ?? RevisionName.Default);
        RepositoryPath.Validate(path);
        if (_options.Offline)
        {
            return Cache.Find(nameOrRepoId, asked, FileSelection.Only(path), offline: true).File(path);
        }

        var repository = Repository(nameOrRepoId);
        var (commit, file) = await _queries.Describe(repository.RepoId, asked, path, commit =>
        {
            var placement = new Placement(repository, _options.UseSymlinks);
            placement.Prepare();
            placement.MarkAbsent(commit, path);
        }, null, cancellation).ConfigureAwait(false);
        var download = Downloader(repository, repository.RepoId, commit, null);
        await download.Fetch([await download.Complete(file, cancellation).ConfigureAwait(false)], cancellation).ConfigureAwait(false);
        download.Finish(asked);
        return SnapshotReader.Read(repository, asked, commit)!.File(path);
    }

    /// <summary>The moments of a model's training that are published: by a known schedule, or as files <c>checkpoints/..._{n}.pth</c>, which are asked for (offline: those that are here).</summary>
    /// <param name="nameOrRepoId">An official name, an alias or a hub id.</param>
    /// <param name="cancellation">Stops asking.</param>
    /// <exception cref="UnknownCheckpointException">The model has none.</exception>
    /// <exception cref="HubException">The hub could not be asked; the message says why and what to do.</exception>
    public async Task<CheckpointList> CheckpointsAsync(string nameOrRepoId, CancellationToken cancellation = default)
    {
        var name = ModelNames.Resolve(nameOrRepoId);
        if (CheckpointList.HasSchedule(name.RepoId) || name.Official is { Architecture: not ("neel" or "neel-solu-old" or "mingpt") })
        {
            return CheckpointList.Of(nameOrRepoId);
        }

        var files = _options.Offline
            ? Cache.Find(nameOrRepoId, null, null, offline: true).Files.Select(f => f.Path)
            : (await _queries.List(Repository(nameOrRepoId).RepoId, RevisionName.Default, _ => { }, cancellation).ConfigureAwait(false)).Files.Select(f => f.Path);
        return CheckpointList.FromFiles(name.RepoId, files);
    }

    /// <summary>Searches the hub's models, the most downloaded first.</summary>
    /// <param name="text">Words in the model's name.</param>
    /// <param name="limit">How many at most, 1 to 100.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="HubException">It did not work; the message says why and what to do.</exception>
    public Task<IReadOnlyList<HubSearchResult>> SearchAsync(string text, int limit = 20, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 100);
        return _options.Offline
            ? throw new HubSettingException("HF_HUB_OFFLINE", "no value, to search the hub", "offline mode", "Unset it and search again; 'fathom models list' shows what is known without the network.")
            : _queries.Search(text, limit, cancellation);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _connection.Dispose();

    private async Task<Fetch> Begin(string nameOrRepoId, string revision, FileSelection selection, IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        var repository = Repository(nameOrRepoId);
        var tally = new Tally(repository.RepoId, progress, TimeProvider.System);
        var listing = await _queries.List(repository.RepoId, revision, tally.Notice, cancellation).ConfigureAwait(false);
        if (!listing.RepoId.Equals(repository.RepoId, StringComparison.OrdinalIgnoreCase))
        {
            tally.Notice($"{repository.RepoId} has moved to {listing.RepoId}");
        }

        var byPath = listing.Files.GroupBy(f => f.Path, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var choice = selection.Choose(byPath.Keys);
        RefuseMissing(repository.RepoId, revision, choice.Missing, byPath.Keys);
        var download = Downloader(repository, listing.RepoId, listing.Commit, tally);
        var files = await CompleteAll(download, choice.Files.Select(p => byPath[p]), cancellation).ConfigureAwait(false);
        if (choice.ShardIndex is { } index)
        {
            await download.Fetch([files.Single(f => f.Path == index)], cancellation).ConfigureAwait(false);
            var shards = ShardIndex.Read(repository.SnapshotFile(listing.Commit, index), index);
            RefuseMissing(repository.RepoId, revision, [.. shards.Where(s => !byPath.ContainsKey(s))], byPath.Keys);
            files = [.. files, .. await CompleteAll(download, shards.Select(s => byPath[s]), cancellation).ConfigureAwait(false)];
        }

        return new Fetch(repository, listing, download, [.. files.DistinctBy(f => f.Path)]);
    }

    /// <summary>The same commit, if another program fetched all of it under the repository's other name.</summary>
    private HubSnapshot? UnderOtherName(Fetch fetch, string revision)
    {
        foreach (var id in MovedRepositories.NamesOf(fetch.Repository.RepoId).Skip(1))
        {
            if (SnapshotReader.Read(new RepositoryFolder(Cache.Folder, id), revision, fetch.Listing.Commit) is { } snapshot
                && fetch.Files.All(f => snapshot.TryFile(f.Path)?.Bytes == f.Bytes))
            {
                return snapshot;
            }
        }

        return null;
    }

    private static async Task<IReadOnlyList<RemoteFile>> CompleteAll(SnapshotDownload download, IEnumerable<RemoteFile> files, CancellationToken cancellation) =>
        await Task.WhenAll(files.Select(f => download.Complete(f, cancellation))).ConfigureAwait(false);

    private SnapshotDownload Downloader(RepositoryFolder repository, string remoteId, string commit, Tally? tally) =>
        new(_connection, _options, _retry, repository, remoteId, commit, tally ?? new Tally(repository.RepoId, null, TimeProvider.System), FreeBytes);

    private RepositoryFolder Repository(string nameOrRepoId)
    {
        var name = ModelNames.Resolve(nameOrRepoId);
        return name.Official is { IsOnHub: false }
            ? throw new RepositoryNotFoundException(name.RepoId, "Its weights were never published there: get them from their owner, and give the folder's path instead of the name.")
            : new RepositoryFolder(Cache.Folder, name.RepoId);
    }

    private void RefuseOffline(string nameOrRepoId, string revision)
    {
        if (_options.Offline)
        {
            throw new HubSettingException("HF_HUB_OFFLINE", "no value, to ask the hub", "offline mode", $"Unset it, then: {PullCommand.For(ModelNames.Resolve(nameOrRepoId).RepoId, revision)}");
        }
    }

    private static void RefuseMissing(string repoId, string revision, IReadOnlyList<string> missing, IEnumerable<string> found)
    {
        if (missing.Count > 0)
        {
            var names = found.Order(StringComparer.Ordinal).ToArray();
            var gguf = Array.Find(names, n => n.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase));
            throw new HubFileNotFoundException(repoId, revision, missing,
                $"It has {string.Join(", ", names.Take(12).Select(n => Quoted.Plain(n, 80)))}{(names.Length > 12 ? $" and {names.Length - 12} more" : "")}. "
                + (gguf is null ? "To fetch particular files, name them; to load a checkpoint in a form that Fathom reads, look for the model under another name."
                    : $"Each GGUF file is a model: name the one you want, as in {repoId}/{gguf} (fathom models pull {repoId}/{gguf})."));
        }
    }

    private sealed record Fetch(RepositoryFolder Repository, Listing Listing, SnapshotDownload Download, IReadOnlyList<RemoteFile> Files);
}
