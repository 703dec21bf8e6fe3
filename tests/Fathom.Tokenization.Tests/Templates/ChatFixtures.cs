using System.IO.Compression;
using System.Text.Json;

namespace Fathom.Tokenization.Tests.Templates;

/// <summary>The reference renderings, and the context of the snippets.</summary>
internal static class ChatFixtures
{
    private static readonly Dictionary<string, string> Files = Load();

    /// <summary>The time at which the reference rendered.</summary>
    public static readonly DateTimeOffset Now = new(2025, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>A file of the archive.</summary>
    public static string Text(string name) => Files[name];

    /// <summary>The lines of a file of JSON objects.</summary>
    public static IReadOnlyList<JsonElement> Lines(string name) => ParseLines(Files[name]);

    /// <summary>JSON objects, one a line.</summary>
    public static IReadOnlyList<JsonElement> ParseLines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

    /// <summary>The variables of the snippets.</summary>
    public static IReadOnlyDictionary<string, object?> Context { get; } = Variables(JsonDocument.Parse(Files["chat-jinja/context.json"]).RootElement);

    /// <summary>A JSON object as variables.</summary>
    public static IReadOnlyDictionary<string, object?> Variables(JsonElement json) =>
        json.EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value);

    private static Dictionary<string, string> Load()
    {
        using ZipArchive zip = new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", "chat.zip")));
        return zip.Entries.ToDictionary(e => e.FullName, e =>
        {
            using StreamReader reader = new(e.Open());
            return reader.ReadToEnd();
        });
    }
}
