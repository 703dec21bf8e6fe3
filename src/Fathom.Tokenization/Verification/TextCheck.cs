using System.Text.Json;

namespace Fathom.Tokenization.Verification;

/// <summary>Compares ids, offsets and decoded text of one text.</summary>
internal static class TextCheck
{
    /// <summary>What differs, or <see langword="null"/>.</summary>
    public static string? Compare(Tokenizer tokenizer, JsonElement line)
    {
        var text = line.GetProperty("text").GetString()!;
        var special = line.GetProperty("special").GetBoolean();
        var label = $"text {JsonSerializer.Serialize(text)} (special tokens: {special})";
        if (line.TryGetProperty("error", out var error))
        {
            return Refuses(() => tokenizer.Encode(text, special)) ? null : $"{label}: the reference refuses ({error}), this encodes";
        }

        var encoding = tokenizer.Encode(text, special);
        var quick = tokenizer.EncodeToIds(text, special);
        var ids = LineCheck.Ids(line.GetProperty("ids"));
        return Difference(label, "ids", ids, encoding.Ids)
            ?? Difference(label, "ids alone", ids, quick)
            ?? Difference(label, "offsets", line.GetProperty("offsets").EnumerateArray().Select(Span), encoding.Offsets.Select(Span))
            ?? (CompareDecoded(tokenizer, line, ids) is { } decoded ? $"{label}: {decoded}" : null);
    }

    /// <summary>What differs between decoded texts, or <see langword="null"/>.</summary>
    public static string? CompareDecoded(Tokenizer tokenizer, JsonElement line, int[] ids)
    {
        if (line.TryGetProperty("error", out _))
        {
            return Refuses(() => tokenizer.Decode(ids)) ? null : $"decoding [{string.Join(' ', ids)}]: the reference refuses, this decodes";
        }

        return Decoded(tokenizer, line, ids, "decoded", skip: false) ?? Decoded(tokenizer, line, ids, "decoded_skip", skip: true);
    }

    /// <summary>The first difference of two rows in words, or <see langword="null"/>.</summary>
    public static string? Difference<T>(string label, string what, IEnumerable<T> expected, IEnumerable<T> actual)
    {
        var (left, right) = (expected.ToList(), actual.ToList());
        if (left.SequenceEqual(right))
        {
            return null;
        }

        var at = 0;
        while (at < left.Count && at < right.Count && EqualityComparer<T>.Default.Equals(left[at], right[at]))
        {
            at++;
        }

        return $"{label}: {what} differ at {at}: expected [{Around(left, at)}], got [{Around(right, at)}]";
    }

    /// <summary>Whether an action is refused as it should be, by an error that names the reason.</summary>
    public static bool Refuses(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (TokenizationException)
        {
            return true;
        }
    }

    private static string? Decoded(Tokenizer tokenizer, JsonElement line, int[] ids, string key, bool skip)
    {
        if (!line.TryGetProperty(key, out var value))
        {
            return null;
        }

        var (expected, actual) = (value.GetString(), tokenizer.Decode(ids, skip));
        return expected == actual
            ? null
            : $"{key} of [{string.Join(' ', ids.Take(40))}]: expected {JsonSerializer.Serialize(expected)}, got {JsonSerializer.Serialize(actual)}";
    }

    private static (int, int) Span(JsonElement pair) => (pair[0].GetInt32(), pair[1].GetInt32());

    private static (int, int) Span(TextSpan span) => (span.Start, span.End);

    private static string Around<T>(List<T> row, int at) => string.Join(' ', row.Skip(Math.Max(0, at - 2)).Take(12));
}
