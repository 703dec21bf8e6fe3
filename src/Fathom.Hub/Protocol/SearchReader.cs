using System.Text.Json;

namespace Fathom.Hub.Protocol;

/// <summary>Reads the hub's list of found models.</summary>
internal static class SearchReader
{
    public static IReadOnlyList<HubSearchResult> Read(JsonElement list) => [.. list.EnumerateArray().Select(One).OfType<HubSearchResult>()];

    private static HubSearchResult? One(JsonElement json)
    {
        // An entry whose id breaks the rule for ids could not be fetched anyway.
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String || RepositoryId.Fault(id.GetString()!) is not null)
        {
            return null;
        }

        var tags = json.TryGetProperty("tags", out var t) && t.ValueKind == JsonValueKind.Array
            ? t.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => Quoted.Plain(e.GetString()!, 80)).ToArray() : [];
        return new HubSearchResult
        {
            RepoId = id.GetString()!,
            Downloads = Count(json, "downloads"),
            Likes = Count(json, "likes"),
            IsGated = json.TryGetProperty("gated", out var gated) && gated.ValueKind is JsonValueKind.True or JsonValueKind.String,
            Tags = tags,
        };
    }

    private static long Count(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) ? count : 0;
}
