namespace Fathom.Hub;

/// <summary>Thrown when the hub has no repository of that name, or does not show it to this token.</summary>
public sealed class RepositoryNotFoundException : HubException
{
    internal RepositoryNotFoundException(string repoId, string advice)
        : base($"The hub shows no model {repoId}. {advice}") => RepoId = repoId;

    /// <summary>The repository.</summary>
    public string RepoId { get; }
}
