using System.Collections.Immutable;
using System.Text.Json;

namespace Fathom.Tokenization.Verification;

/// <summary>Compares pairs, given words and batches, with the file's own truncation and padding.</summary>
internal static class PairCheck
{
    /// <summary>What differs, or <see langword="null"/>.</summary>
    public static string? Compare(Tokenizer tokenizer, JsonElement line)
    {
        var options = tokenizer.FileOptions with { AddSpecialTokens = line.GetProperty("special").GetBoolean() };
        var label = line.TryGetProperty("batch", out var batch) ? $"batch {batch}" : $"pair {line.GetProperty("a")} {line.GetProperty("b")}";
        if (line.TryGetProperty("error", out var error))
        {
            return TextCheck.Refuses(() => Encode(tokenizer, line, options)) ? null : $"{label}: the reference refuses ({error}), this encodes";
        }

        var actual = Encode(tokenizer, line, options);
        var expected = line.TryGetProperty("results", out var results) ? [.. results.EnumerateArray()] : new List<JsonElement> { line };
        for (var i = 0; i < expected.Count; i++)
        {
            if (Difference($"{label} [{i}]", expected[i], actual[i]) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static ImmutableArray<Encoding> Encode(Tokenizer tokenizer, JsonElement line, EncodeOptions options)
    {
        if (line.TryGetProperty("batch", out var batch))
        {
            return batch[0].ValueKind == JsonValueKind.String
                ? tokenizer.EncodeBatch(Texts(batch), options)
                : tokenizer.EncodeBatch([.. batch.EnumerateArray().Select(pair => (pair[0].GetString()!, pair[1].GetString()!))], options);
        }

        var (a, b) = (line.GetProperty("a"), line.GetProperty("b"));
        return a.ValueKind == JsonValueKind.Array ? [tokenizer.EncodeWords(Texts(a), options)]
            : b.ValueKind == JsonValueKind.Null ? [tokenizer.Encode(a.GetString()!, options)]
            : [tokenizer.EncodePair(a.GetString()!, b.GetString()!, options)];
    }

    private static string? Difference(string label, JsonElement expected, Encoding actual)
    {
        var problem = TextCheck.Difference(label, "ids", Numbers(expected, "ids"), actual.Ids.Select(id => (int?)id))
            ?? TextCheck.Difference(label, "type ids", Numbers(expected, "type_ids"), actual.TypeIds.Select(id => (int?)id))
            ?? TextCheck.Difference(label, "offsets", expected.GetProperty("offsets").EnumerateArray().Select(pair => (pair[0].GetInt32(), pair[1].GetInt32())), actual.Offsets.Select(span => (span.Start, span.End)))
            ?? TextCheck.Difference(label, "special mask", Numbers(expected, "special_mask"), actual.SpecialTokensMask.Select(special => (int?)(special ? 1 : 0)))
            ?? TextCheck.Difference(label, "attention", Numbers(expected, "attention"), actual.AttentionMask.Select(value => (int?)value))
            ?? TextCheck.Difference(label, "word ids", Numbers(expected, "word_ids"), actual.WordIds)
            ?? TextCheck.Difference(label, "sequence ids", Numbers(expected, "sequence_ids"), actual.SequenceIds);
        if (problem is not null || !expected.TryGetProperty("overflow", out var overflow))
        {
            return problem ?? (actual.Overflow.Count == 0 ? null : $"{label}: expected no overflow, got {actual.Overflow.Count} parts");
        }

        if (overflow.GetArrayLength() != actual.Overflow.Count)
        {
            return $"{label}: expected {overflow.GetArrayLength()} overflowing parts, got {actual.Overflow.Count}";
        }

        var part = 0;
        return overflow.EnumerateArray().Select(item => Difference($"{label} overflow {part}", item, actual.Overflow[part++])).FirstOrDefault(item => item is not null);
    }

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];

    private static IEnumerable<int?> Numbers(JsonElement line, string key) =>
        line.GetProperty(key).EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? null : (int?)value.GetInt32());
}
