namespace Fathom.Hub;

/// <summary>Official repositories that the hub moved under an owner; caches hold them under either name.</summary>
internal static class MovedRepositories
{
    private static readonly Dictionary<string, string> NewNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["gpt2"] = "openai-community/gpt2",
        ["gpt2-medium"] = "openai-community/gpt2-medium",
        ["gpt2-large"] = "openai-community/gpt2-large",
        ["gpt2-xl"] = "openai-community/gpt2-xl",
        ["distilgpt2"] = "distilbert/distilgpt2",
        ["google-bert/bert-base-cased"] = "bert-base-cased",
        ["google-bert/bert-base-uncased"] = "bert-base-uncased",
        ["google-bert/bert-large-cased"] = "bert-large-cased",
        ["google-bert/bert-large-uncased"] = "bert-large-uncased",
        ["google-t5/t5-small"] = "t5-small",
        ["google-t5/t5-base"] = "t5-base",
        ["google-t5/t5-large"] = "t5-large",
    };

    /// <summary>The name with an owner that replaced <paramref name="official"/>, where the official name has none.</summary>
    public static string? NewName(string official) =>
        NewNames.TryGetValue(official, out var other) && other.Contains('/', StringComparison.Ordinal) ? other : null;

    /// <summary>Every name under which a cache may hold <paramref name="repoId"/>, the asked one first.</summary>
    public static IEnumerable<string> NamesOf(string repoId)
    {
        yield return repoId;
        foreach (var (one, other) in NewNames)
        {
            if (one.Equals(repoId, StringComparison.OrdinalIgnoreCase))
            {
                yield return other;
            }
            else if (other.Equals(repoId, StringComparison.OrdinalIgnoreCase))
            {
                yield return one;
            }
        }
    }
}
