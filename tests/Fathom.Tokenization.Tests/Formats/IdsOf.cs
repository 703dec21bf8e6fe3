using System.Text.Json;
using Fathom.Tokenization.Tests.Goldens;

namespace Fathom.Tokenization.Tests.Formats;

/// <summary>Compares ids and decoded text with the reference's, where a format cannot know about offsets.</summary>
internal static class IdsOf
{
    /// <summary>Fails with the first texts that differ.</summary>
    public static void AssertEqualReference(Tokenizer tokenizer, string archive, string file)
    {
        List<string> differences = [];
        var lines = 0;
        foreach (var line in System.Text.Encoding.UTF8.GetString(Archive.Files(archive)[file]).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            if (!json.RootElement.TryGetProperty("ids", out var expected))
            {
                continue;
            }
            lines++;
            int[] ids = [.. expected.EnumerateArray().Select(id => id.GetInt32())];
            var text = json.RootElement.GetProperty("text").GetString()!;
            var actual = tokenizer.Encode(text, json.RootElement.GetProperty("special").GetBoolean()).Ids;
            if (!actual.SequenceEqual(ids) || tokenizer.Decode(ids) != json.RootElement.GetProperty("decoded").GetString())
            {
                differences.Add($"\"{text}\": expected [{string.Join(", ", ids)}], got [{string.Join(", ", actual)}]");
            }
        }
        Assert.True(lines > 500, $"only {lines} lines");
        Assert.True(differences.Count == 0, $"{differences.Count} of {lines} differ:\n{string.Join("\n", differences.Take(5))}");
    }
}
