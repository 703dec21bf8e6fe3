using System.Text.Json;
using Fathom.Tokenization.Tests.Goldens;

namespace Fathom.Tokenization.Tests.Formats;

/// <summary>The metadata that a converter writes for a tokenizer.json.</summary>
internal static class GgufFixture
{
    private const string Prefix = "tokenizer.ggml.";

    /// <summary>Byte-level BPE.</summary>
    public static Dictionary<string, object?> ByteLevel(string name, string pre)
    {
        var json = Json(name);
        var metadata = Tokens(json, "gpt2");
        metadata[Prefix + "pre"] = pre;
        metadata[Prefix + "merges"] = json.GetProperty("model").GetProperty("merges").EnumerateArray()
            .Select(m => m.ValueKind == JsonValueKind.String ? m.GetString()! : $"{m[0]} {m[1]}").ToArray();
        return metadata;
    }

    /// <summary>Unigram with a character map.</summary>
    public static Dictionary<string, object?> Unigram(string name)
    {
        var json = Json(name);
        var metadata = Tokens(json, "t5");
        metadata[Prefix + "precompiled_charsmap"] = Convert.FromBase64String(json.GetProperty("normalizer").GetProperty("normalizers")[0].GetProperty("precompiled_charsmap").GetString()!);
        metadata[Prefix + "unknown_token_id"] = 2u;
        metadata[Prefix + "eos_token_id"] = 1u;
        metadata[Prefix + "add_eos_token"] = true;
        return metadata;
    }

    /// <summary>WordPiece, with the beginnings of words marked instead of their continuations.</summary>
    public static Dictionary<string, object?> WordPiece(string name)
    {
        var metadata = Tokens(Json(name), "bert");
        var (tokens, types) = ((string[])metadata[Prefix + "tokens"]!, (int[])metadata[Prefix + "token_type"]!);
        for (var id = 0; id < tokens.Length; id++)
        {
            tokens[id] = types[id] != 1 ? tokens[id] : tokens[id].Length > 2 && tokens[id].StartsWith("##", StringComparison.Ordinal) ? tokens[id][2..] : "\u2581" + tokens[id];
        }
        metadata[Prefix + "cls_token_id"] = Array.IndexOf(tokens, "[CLS]");
        metadata[Prefix + "seperator_token_id"] = Array.IndexOf(tokens, "[SEP]");
        metadata[Prefix + "unknown_token_id"] = Array.IndexOf(tokens, "[UNK]");
        return metadata;
    }

    /// <summary>A SentencePiece vocabulary of single letters and two merges, with BOS and EOS.</summary>
    public static Dictionary<string, object?> Scored() => new()
    {
        [Prefix + "model"] = "llama",
        [Prefix + "tokens"] = new[] { "<unk>", "<s>", "</s>", "\u2581", "a", "b", "ab", "\u2581ab" },
        [Prefix + "token_type"] = new[] { 2, 3, 3, 1, 1, 1, 1, 1 },
        [Prefix + "scores"] = new[] { 0f, 0, 0, -10, -11, -12, -1, -2 },
        [Prefix + "bos_token_id"] = 1u,
        [Prefix + "eos_token_id"] = 2u,
        [Prefix + "unknown_token_id"] = 0u,
    };

    private static JsonElement Json(string name) => JsonDocument.Parse(Archive.Json(name)).RootElement;

    private static Dictionary<string, object?> Tokens(JsonElement json, string model)
    {
        SortedDictionary<int, (string Token, int Type, float Score)> tokens = [];
        var vocab = json.GetProperty("model").GetProperty("vocab");
        if (vocab.ValueKind == JsonValueKind.Object)
        {
            foreach (var entry in vocab.EnumerateObject())
            {
                tokens[entry.Value.GetInt32()] = (entry.Name, 1, 0);
            }
        }
        else
        {
            foreach (var entry in vocab.EnumerateArray())
            {
                tokens[tokens.Count] = (entry[0].GetString()!, 1, entry[1].GetSingle());
            }
        }
        foreach (var added in json.GetProperty("added_tokens").EnumerateArray())
        {
            var id = added.GetProperty("id").GetInt32();
            tokens[id] = (added.GetProperty("content").GetString()!, added.GetProperty("special").GetBoolean() ? 3 : 4, tokens.GetValueOrDefault(id).Score);
        }
        return new()
        {
            ["general.architecture"] = "anything",
            [Prefix + "model"] = model,
            [Prefix + "tokens"] = tokens.Values.Select(t => t.Token).ToArray(),
            [Prefix + "token_type"] = tokens.Values.Select(t => t.Type).ToArray(),
            [Prefix + "scores"] = tokens.Values.Select(t => t.Score).ToArray(),
        };
    }
}
