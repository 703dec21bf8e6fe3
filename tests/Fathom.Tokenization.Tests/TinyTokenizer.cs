using System.Text.Json;

namespace Fathom.Tokenization.Tests;

/// <summary>A byte-level vocabulary of 256 bytes and a few merges, written out as a tokenizer.json.</summary>
internal static class TinyTokenizer
{
    public static Tokenizer Create(params string[] merges) => Tokenizer.FromJson(JsonSerializer.SerializeToUtf8Bytes(Json(merges)));

    public static Dictionary<string, object?> Json(params string[] merges)
    {
        var vocab = new Dictionary<string, int>();
        for (var b = 0; b < 256; b++)
        {
            vocab[Text.ByteAlphabet.ToChar((byte)b).ToString()] = b;
        }

        foreach (var merge in merges)
        {
            vocab[merge.Replace(" ", "", StringComparison.Ordinal)] = vocab.Count;
        }

        object byteLevel = new { type = "ByteLevel", add_prefix_space = false, trim_offsets = true, use_regex = true };
        return new()
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new[] { new { id = vocab.Count, content = "<|end|>", single_word = false, lstrip = false, rstrip = false, normalized = false, special = true } },
            ["normalizer"] = null,
            ["pre_tokenizer"] = byteLevel,
            ["post_processor"] = null,
            ["decoder"] = byteLevel,
            ["model"] = new { type = "BPE", dropout = (double?)null, vocab, merges },
        };
    }
}
