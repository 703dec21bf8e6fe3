using System.Text.Json;

namespace Fathom.Tokenization.Verification;

/// <summary>Compares one line of a golden file, whatever its kind.</summary>
internal static class LineCheck
{
    /// <summary>Compares a line.</summary>
    /// <exception cref="InvalidDataException">The line is of no known kind.</exception>
    public static void Run(Tokenizer tokenizer, JsonElement line, int number, Differences differences)
    {
        if (line.TryGetProperty("steps", out _))
        {
            differences.Count(StreamCheck.Compare(tokenizer, line));
        }
        else if (line.TryGetProperty("batch", out _) || line.TryGetProperty("b", out _))
        {
            differences.Count(PairCheck.Compare(tokenizer, line));
        }
        else if (line.TryGetProperty("messages", out _))
        {
            differences.Count(ChatCheck.Compare(tokenizer, line));
        }
        else if (line.TryGetProperty("text", out _))
        {
            differences.Count(TextCheck.Compare(tokenizer, line));
        }
        else if (line.TryGetProperty("ids", out var ids) && line.TryGetProperty("decoded", out _))
        {
            differences.Count(TextCheck.CompareDecoded(tokenizer, line, Ids(ids)));
        }
        else
        {
            throw new InvalidDataException($"Line {number} is of no known kind: it has neither text, messages, batch, b, steps, nor ids with decoded.");
        }
    }

    /// <summary>A list of ids.</summary>
    public static int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(id => id.GetInt32())];
}
