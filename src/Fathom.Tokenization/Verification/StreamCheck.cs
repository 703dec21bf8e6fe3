using System.Text.Json;

namespace Fathom.Tokenization.Verification;

/// <summary>Compares what a streaming decoder gives out after each id.</summary>
internal static class StreamCheck
{
    /// <summary>What differs, or <see langword="null"/>.</summary>
    public static string? Compare(Tokenizer tokenizer, JsonElement line)
    {
        var ids = LineCheck.Ids(line.GetProperty("ids"));
        var label = $"streaming [{string.Join(' ', ids)}]";
        var decoder = new StreamingDecoder(tokenizer, line.GetProperty("skip_special").GetBoolean());
        var at = 0;
        foreach (var step in line.GetProperty("steps").EnumerateArray())
        {
            var actual = decoder.Add(ids[at++]);
            if (actual != step.GetString())
            {
                return $"{label}: after id {at} expected {step}, got {JsonSerializer.Serialize(actual)}";
            }
        }

        if (line.TryGetProperty("error", out _))
        {
            return TextCheck.Refuses(() => decoder.Add(ids[at])) ? null : $"{label}: the reference stops at id {at + 1}, this goes on";
        }

        var tail = line.GetProperty("tail").GetString();
        return tail is null || tail == decoder.Flush() ? null : $"{label}: at the end expected {JsonSerializer.Serialize(tail)}, got {JsonSerializer.Serialize(decoder.Flush())}";
    }
}
