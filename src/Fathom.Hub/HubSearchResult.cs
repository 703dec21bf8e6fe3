namespace Fathom.Hub;

/// <summary>A model that a search found.</summary>
public sealed record HubSearchResult
{
    /// <summary>The repository, ready for <c>fathom models pull</c>.</summary>
    public required string RepoId { get; init; }

    /// <summary>Downloads in the last 30 days, as the hub counts them.</summary>
    public required long Downloads { get; init; }

    /// <summary>People who marked it.</summary>
    public required long Likes { get; init; }

    /// <summary>Whether its owner asks users to accept terms first.</summary>
    public required bool IsGated { get; init; }

    /// <summary>The hub's tags, e.g. <c>safetensors</c>, <c>llama</c>, <c>text-generation</c>.</summary>
    public required IReadOnlyList<string> Tags { get; init; }
}
