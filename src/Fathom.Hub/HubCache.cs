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
    public HubSnapshot Find(string nameOrRepoId, string? revision = null, FileSelection? selection = null)
    {
        var (repoId, missing, snapshot) = Search(nameOrRepoId, revision, selection);
        return snapshot ?? throw new ModelNotCachedException(repoId, revision ?? RevisionName.Default, missing, Folder);
    }

    /// <summary>The folder that holds, or would hold, a repository.</summary>
    /// <param name="nameOrRepoId">An official name, an alias or a hub id.</param>
    public string FolderOf(string nameOrRepoId) => new RepositoryFolder(Folder, ModelNames.Resolve(nameOrRepoId).RepoId).Root;

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
