using System.Text.Json;
using Fathom.Models;

namespace Fathom.Loading;

/// <summary>Reads the ids of tokens with a role from config.json. Null, absent and negative ids mean none.</summary>
internal static class SpecialTokensReader
{
    /// <summary>Reads them; a generation config's end tokens, where given, come on top.</summary>
    public static SpecialTokens Read(JsonElement config, JsonElement? generation)
    {
        var eos = Ids(config, "eos_token_id").Concat(generation is { } g ? Ids(g, "eos_token_id") : []).Distinct().ToList();
        var pad = Ids(config, "pad_token_id");
        return new(Ids(config, "bos_token_id") is [var bos, ..] ? bos : null, eos, pad.Count > 0 ? pad[0] : eos.Count > 0 ? eos[0] : null);
    }

    private static List<int> Ids(JsonElement json, string key)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(key, out var value))
        {
            return [];
        }

        IEnumerable<JsonElement> values = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
        return [.. values.Where(v => v.ValueKind == JsonValueKind.Number && v.TryGetInt32(out var id) && id >= 0).Select(v => v.GetInt32())];
    }
}
