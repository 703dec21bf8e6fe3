using System.Text.Json;

namespace Fathom.Tests.Fixtures;

/// <summary>A byte-level tokenizer of a given size, to put beside a fixture's weights: one token for each printable character, a space and a line's end, then tokens that no text gives.</summary>
internal static class TinyBytes
{
    /// <summary>The tokens, in the order of their ids.</summary>
    /// <param name="size">How many.</param>
    public static IReadOnlyList<string> Tokens(int size) => [.. Enumerable.Range('!', 94).Select(c => ((char)c).ToString()).Append("Ġ").Append("Ċ").Concat(Enumerable.Range(0, size).Select(i => $"<{i}>")).Take(size)];

    /// <summary>The tokenizer.json.</summary>
    /// <param name="size">How many tokens.</param>
    public static string Json(int size) => JsonSerializer.Serialize(new
    {
        version = "1.0",
        added_tokens = Array.Empty<object>(),
        pre_tokenizer = new { type = "ByteLevel", add_prefix_space = false, trim_offsets = true, use_regex = false },
        decoder = new { type = "ByteLevel", add_prefix_space = true, trim_offsets = true, use_regex = true },
        model = new { type = "BPE", vocab = Tokens(size).Select((token, id) => (token, id)).ToDictionary(t => t.token, t => t.id), merges = Array.Empty<string>() },
    });
}
