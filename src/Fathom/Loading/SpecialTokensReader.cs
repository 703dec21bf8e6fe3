using System.Text.Json;
using Fathom.Models;
using Fathom.Tokenization;

namespace Fathom.Loading;

/// <summary>Reads the ids of tokens with a role from a tokenizer and from config.json. Null, absent and negative ids mean none.</summary>
internal static class SpecialTokensReader
{
    /// <summary>Reads them: the tokenizer's own first, else the config's; end tokens of the configs come on top.</summary>
    public static SpecialTokens Read(JsonElement config, JsonElement? generation, Tokenizer? tokenizer = null)
    {
        int[] own = tokenizer is null ? [] : tokenizer.EosId is { } end ? [end, .. tokenizer.StopIds] : [.. tokenizer.StopIds];
        var eos = own.Concat(Ids(config, "eos_token_id")).Concat(generation is { } g ? Ids(g, "eos_token_id") : []).Distinct().ToList();
        var pad = Ids(config, "pad_token_id");
        return new(tokenizer?.BosId ?? (Ids(config, "bos_token_id") is [var bos, ..] ? bos : null), eos, tokenizer?.PadId ?? (pad.Count > 0 ? pad[0] : eos.Count > 0 ? eos[0] : null)) { Mask = Mask(tokenizer) };
    }

    /// <summary>The mask token that the tokenizer's files name, or that their vocabulary holds under one of its two usual spellings.</summary>
    private static int? Mask(Tokenizer? tokenizer) => tokenizer is null ? null
        : tokenizer.SpecialTokens.TryGetValue("mask_token", out var named) ? tokenizer.TokenToId(named)
        : tokenizer.TokenToId("[MASK]") ?? tokenizer.TokenToId("<mask>");

    /// <summary>Gives an encoder-decoder the tokens that its decoder starts with and has to write; generation_config.json has the last word.</summary>
    public static void ReadForced(HookedEncoderDecoder model, JsonElement? generation)
    {
        if (generation is not { } settings)
        {
            return;
        }

        int? Given(string key, int? config) => settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty(key, out _) ? Ids(settings, key) is [var id, ..] ? id : null : config;
        model.DecoderStartToken = Given("decoder_start_token_id", model.DecoderStartToken);
        model.ForcedFirstToken = Given("forced_bos_token_id", model.ForcedFirstToken);
        model.ForcedLastToken = Given("forced_eos_token_id", model.ForcedLastToken);
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
