using Fathom.Hub.Protocol;
using Fathom.Hub.Selection;
using Fathom.Hub.Storage;

namespace Fathom.Hub;

/// <summary>The cache of models that this machine's Hugging Face programs share; it never touches the network.</summary>
/// <remarks>The layout is that of Python's <c>huggingface_hub</c>: what either downloads, the other finds. <c>docs/hub.md</c> draws it.</remarks>
/// <param name="folder">The cache's folder, e.g. <c>~/.cache/huggingface/hub</c>; it need not exist.</param>
public sealed class HubCache(string folder)
{
    /// <summary>The cache that the environment names: <c>HF_HUB_CACHE</c>, else <c>$HF_HOME/hub</c>, else <c>~/.cache/huggingface/hub</c>.</summary>
    public static HubCache Default => new(HubOptions.FromEnvironment().CacheFolder);

    /// <summary>The cache's folder.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>Finds a model's files on this machine.</summary>
    /// <param name="nameOrRepoId">An official name, an alias or a hub id.</param>
    /// <param name="revision">A branch, tag, commit (or its first 7 or more digits) or <c>refs/pr/N</c>; null is <c>main</c>.</param>
    /// <param name="selection">The files that must be there; null asks for whatever is there.</param>
    /// <returns>The snapshot, or null when the model, the revision or a required file is not here.</returns>
    /// <exception cref="UnknownModelException">The name is no known name and no hub id.</exception>
    /// <exception cref="InvalidHubNameException">The revision breaks git's rules.</exception>
    public HubSnapshot? TryFind(string nameOrRepoId, string? revision = null, FileSelection? selection = null) => Search(nameOrRepoId, revision, selection).Snapshot;

    /// <summary>As <see cref="TryFind"/>, with an exception that says what is missing and how to get it.</summary>
    /// <param name="nameOrRepoId">An official name, an alias or a hub id.</param>
    /// <param name="revision">A branch, tag, commit (or its first 7 or more digits) or <c>refs/pr/N</c>; null is <c>main</c>.</param>
    /// <param name="selection">The files that must be there; null asks for whatever is there.</param>
    /// <exception cref="ModelNotCachedException">The model, the revision or a required file is not here.</exception>
    /// <exception cref="UnknownModelException">The name is no known name and no hub id.</exception>
    /// <exception cref="InvalidHubNameException">The revision breaks git's rules.</exception>
    public HubSnapshot Find(string nameOrRepoId, string? revision = null, FileSelection? selection = null) => Find(nameOrRepoId, revision, selection, offline: false);

    /// <summary>As the public one, for a client that may not ask the network: the message then says what forbids it.</summary>
    internal HubSnapshot Find(string nameOrRepoId, string? revision, FileSelection? selection, bool offline)
    {
        var (repoId, missing, snapshot) = Search(nameOrRepoId, revision, selection);
        return snapshot ?? throw new ModelNotCachedException(repoId, revision ?? RevisionName.Default, missing, Folder, offline: offline, gguf: selection is NamedSelection { Required: [var file, ..] } && file.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? file : null);
    }

    /// <summary>The folder that holds, or would hold, a repository.</summary>
    /// <param name="nameOrRepoId">An official name, an alias or a hub id.</param>
    public string FolderOf(string nameOrRepoId) => new RepositoryFolder(Folder, ModelNames.Resolve(nameOrRepoId).RepoId).Root;

    /// <summary>Every model in the cache, with the room it takes.</summary>
    public IReadOnlyList<CachedRepository> Repositories() => [.. CacheScan.All(Folder)];

    /// <summary>Removes a model, or one revision of it, from the cache that all programs share.</summary>
    /// <param name="nameOrRepoId">An official name, an alias or a hub id.</param>
    /// <param name="revision">A branch, tag or commit; null removes the whole model. Contents that another commit shows stay.</param>
    /// <exception cref="ModelNotCachedException">It is not there.</exception>
    /// <exception cref="CacheInUseException">A download of it is under way.</exception>
    public CacheRemoval Remove(string nameOrRepoId, string? revision = null)
    {
        var name = ModelNames.Resolve(nameOrRepoId);
        foreach (var repository in MovedRepositories.NamesOf(name.RepoId).Select(id => new RepositoryFolder(Folder, id)).Where(r => Directory.Exists(r.Root)))
        {
            if (revision is null)
            {
                return CacheCleaning.RemoveAll(repository);
            }

            if (repository.CommitOf(RevisionName.Validate(revision)) is { } commit && Directory.Exists(repository.Snapshot(commit)))
            {
                return CacheCleaning.RemoveCommit(repository, commit);
            }
        }

        throw new ModelNotCachedException(name.RepoId, revision ?? RevisionName.Default, [], Folder);
    }

    /// <summary>Removes what unfinished downloads left, except of models that are being downloaded now.</summary>
    /// <returns>The bytes that became free.</returns>
    public long RemoveUnfinished() => CacheCleaning.RemoveUnfinished(Folder);

    /// <summary>Reads a snapshot's files again and compares each with the hash that names it.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="cancellation">Stops between two files.</param>
    /// <returns>The files whose content is not what it was; empty when all is well. Files without a blob (no-link mode) carry no hash and are not judged.</returns>
    public static IReadOnlyList<HubFile> Verify(HubSnapshot snapshot, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var damaged = new List<HubFile>();
        foreach (var file in snapshot.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            if (RealPath.Of(file.LocalPath) is { } blob && RemoteFile.IsEtag(Path.GetFileName(blob)) && !BlobHash.Matches(blob, Path.GetFileName(blob)))
            {
                damaged.Add(file);
            }
        }

        return damaged;
    }

    private (string RepoId, IReadOnlyList<string> Missing, HubSnapshot? Snapshot) Search(string nameOrRepoId, string? revision, FileSelection? selection)
    {
        var asked = RevisionName.Validate(revision ?? RevisionName.Default);
        var name = ModelNames.Resolve(nameOrRepoId);
        IReadOnlyList<string> missing = [];
        foreach (var repoId in MovedRepositories.NamesOf(name.RepoId))
        {
            var repository = new RepositoryFolder(Folder, repoId);
            if (repository.CommitOf(asked) is not { } commit || SnapshotReader.Read(repository, asked, commit) is not { } snapshot)
            {
                continue;
            }

            var lacking = selection?.MissingFrom(snapshot) ?? [];
            if (lacking.Count == 0)
            {
                return (repoId, [], snapshot);
            }

            missing = lacking;
        }

        return (name.RepoId, missing, null);
    }
}
