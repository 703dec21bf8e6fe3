namespace Fathom.Hub;

/// <summary>Thrown when a model's owner asks users to accept terms first.</summary>
public sealed class GatedRepositoryException : HubException
{
    internal GatedRepositoryException(string repoId, Uri page, bool sentToken)
        : base($"{repoId} is gated: its owner asks you to accept terms first. 1. Open {page} in a browser, sign in and accept. "
            + (sentToken ? "2. Check that the token in HF_TOKEN (or the token file) belongs to that account and may read gated models. "
                : "2. Make a token at the hub's settings page (read access) and set HF_TOKEN to it. ")
            + $"3. {PullCommand.For(repoId, null)}")
    {
        RepoId = repoId;
        Page = page;
    }

    /// <summary>The repository.</summary>
    public string RepoId { get; }

    /// <summary>Where the terms are.</summary>
    public Uri Page { get; }
}
