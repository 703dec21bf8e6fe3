namespace Fathom.Hub;

/// <summary>Thrown when a training run published no such checkpoint.</summary>
public sealed class UnknownCheckpointException : HubException
{
    internal UnknownCheckpointException(string repoId, string? checkpoint, IReadOnlyList<long> nearest, string advice)
        : base(checkpoint is null ? $"{repoId} has no checkpoints that Fathom knows. {advice}" : $"{repoId} has no checkpoint {Quoted.Text(checkpoint)}. {advice}")
    {
        RepoId = repoId;
        Nearest = nearest;
    }

    /// <summary>The repository.</summary>
    public string RepoId { get; }

    /// <summary>The nearest values that were saved.</summary>
    public IReadOnlyList<long> Nearest { get; }
}
