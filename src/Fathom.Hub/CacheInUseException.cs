namespace Fathom.Hub;

/// <summary>Thrown when a model cannot be removed because a download of it is under way.</summary>
public sealed class CacheInUseException : HubException
{
    internal CacheInUseException(string repoId, string lockFile)
        : base($"{repoId} is being downloaded by some process (it holds {lockFile}). Wait for it or stop it, then try again.") => RepoId = repoId;

    /// <summary>The repository.</summary>
    public string RepoId { get; }
}
