namespace Fathom.Hub;

/// <summary>What a name that somebody typed stands for.</summary>
/// <param name="Asked">The name as it was typed.</param>
/// <param name="RepoId">The repository on the hub, e.g. <c>EleutherAI/pythia-70m</c>.</param>
/// <param name="Official">The official model, or null for any other repository.</param>
public sealed record ModelName(string Asked, string RepoId, OfficialModel? Official)
{
    /// <inheritdoc/>
    public override string ToString() => RepoId;
}
