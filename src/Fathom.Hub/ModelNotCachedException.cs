namespace Fathom.Hub;

/// <summary>Thrown when a model, or some file of it, is not on this machine and the network may not be asked.</summary>
public sealed class ModelNotCachedException : HubException
{
    internal ModelNotCachedException(string repoId, string revision, IReadOnlyList<string> missing, string folder, string? reason = null, bool offline = false, string? gguf = null)
        : base(Describe(repoId, revision, missing, folder, reason, offline, gguf))
    {
        RepoId = repoId;
        Revision = revision;
        Missing = missing;
        Command = PullCommand.For(repoId, revision, gguf is null ? missing : [gguf]);
    }

    /// <summary>The repository.</summary>
    public string RepoId { get; }

    /// <summary>The revision that was asked for.</summary>
    public string Revision { get; }

    /// <summary>The files that are missing; empty when the whole repository is.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>The command that gets the model.</summary>
    public string Command { get; }

    private static string Describe(string repoId, string revision, IReadOnlyList<string> missing, string folder, string? reason, bool offline, string? gguf)
    {
        var at = revision == RevisionName.Default ? repoId : $"{repoId} at revision {Quoted.Text(revision)}";
        var what = missing.Count == 0 ? $"{at} is not on this machine (looked in {folder})."
            : $"{at} is on this machine without {string.Join(", ", missing.Take(5).Select(m => Quoted.Plain(m, 120)))}{(missing.Count > 5 ? $" and {missing.Count - 5} more" : "")} (in {folder}).";
        return what + (reason is null ? "" : $" {reason}.") + $" {(offline ? "HF_HUB_OFFLINE is set, so nothing is fetched: unset it, then get the model with" : "Get it with")}: {PullCommand.For(repoId, revision, gguf is null ? missing : [gguf])}"
            + " (needs the network once; afterwards it works offline; to a machine without network, copy the folder from one that has it).";
    }
}
