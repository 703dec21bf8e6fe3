using System.Text;
using System.Text.Json;

namespace Fathom.Architectures;

/// <summary>Reads a config.json: strict JSON, except for the bare words <c>Infinity</c> and <c>NaN</c> that Python writes.</summary>
public static class ConfigFile
{
    /// <summary>The largest config that is read, in bytes.</summary>
    private const int LargestFile = 4 << 20;

    private static readonly string[] Words = ["-Infinity", "Infinity", "NaN"];

    /// <summary>Parses a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ConfigException">The file is too large, no JSON, or holds a key twice.</exception>
    public static JsonElement Read(string path)
    {
        var length = new FileInfo(path).Length;
        return length <= LargestFile
            ? Parse(File.ReadAllBytes(path), path)
            : throw new ConfigException(path, [], $"the file has {length} bytes; a config has a few thousand, and more than {LargestFile} are not read.");
    }

    /// <summary>Parses bytes.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="source">Where it came from, for messages.</param>
    /// <exception cref="ConfigException">It is no JSON, or holds a key twice.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> utf8, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(Quoted(Encoding.UTF8.GetString(utf8)), new() { MaxDepth = 32, AllowDuplicateProperties = false });
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new ConfigException(source, [], $"this is no valid JSON ({e.Message.TrimEnd('.')}). Download the file again.");
        }
    }

    /// <summary>Puts quotes around Python's bare number words, outside strings.</summary>
    private static string Quoted(string json)
    {
        if (!json.Contains("Infinity", StringComparison.Ordinal) && !json.Contains("NaN", StringComparison.Ordinal))
        {
            return json.TrimStart('\uFEFF');
        }

        StringBuilder text = new(json.Length + 16);
        var inside = false;
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            if (inside && c == '\\')
            {
                text.Append(c).Append(i + 1 < json.Length ? json[++i] : ' ');
                continue;
            }

            inside ^= c == '"';
            var word = inside ? null : Words.FirstOrDefault(w => string.CompareOrdinal(json, i, w, 0, w.Length) == 0);
            if (word is null)
            {
                text.Append(c);
                continue;
            }

            text.Append('"').Append(word).Append('"');
            i += word.Length - 1;
        }

        return text.ToString();
    }
}
