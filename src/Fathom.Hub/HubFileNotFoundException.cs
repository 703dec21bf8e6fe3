namespace Fathom.Hub;

/// <summary>Thrown when a repository lacks the files that were asked for.</summary>
public sealed class HubFileNotFoundException : HubException
{
    internal HubFileNotFoundException(string repoId, string revision, IReadOnlyList<string> missing, string advice)
        : base($"{repoId} at {Quoted.Text(revision)} has no {string.Join(" and no ", missing.Select(m => Quoted.Text(m)))}. {advice}")
    {
        RepoId = repoId;
        Revision = revision;
        Missing = missing;
    }

    /// <summary>The repository.</summary>
    public string RepoId { get; }

    /// <summary>The revision.</summary>
    public string Revision { get; }

    /// <summary>The names or patterns that match no file.</summary>
    public IReadOnlyList<string> Missing { get; }
}
