namespace Fathom.Hub;

/// <summary>Thrown when a repository has no such branch, tag, commit or pull request.</summary>
public sealed class RevisionNotFoundException : HubException
{
    internal RevisionNotFoundException(string repoId, string revision, string page)
        : base($"{repoId} has no revision {Quoted.Text(revision)}. Its branches and tags are listed at {page}/tree/main; without --revision you get 'main'.")
    {
        RepoId = repoId;
        Revision = revision;
    }

    /// <summary>The repository.</summary>
    public string RepoId { get; }

    /// <summary>The revision that was asked for.</summary>
    public string Revision { get; }
}
