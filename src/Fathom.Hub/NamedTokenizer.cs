using System.Text.Json;
using Fathom.Hub.Selection;

namespace Fathom.Hub;

/// <summary>The tokenizer that a model takes from another repository.</summary>
/// <remarks>TransformerLens's toy models hold weights and a config; <c>tokenizer_name</c> in it says whose tokenizer they were trained with.</remarks>
public static class NamedTokenizer
{
    /// <summary>The repository that a folder's config.json names, where the folder has no tokenizer of its own; otherwise null.</summary>
    /// <param name="folder">A model's folder, or a snapshot's.</param>
    public static string? In(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var config = Path.Combine(folder, "config.json");
        if (TokenizerFiles.Vocabularies.Any(name => File.Exists(Path.Combine(folder, name))) || !File.Exists(config))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(config), new() { MaxDepth = 64 });
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("tokenizer_name", out var name) && name.ValueKind == JsonValueKind.String
                && name.GetString() is { Length: > 0 } named && ModelNames.TryResolve(named, out var known) ? known.RepoId : null;
        }
        catch (JsonException)
        {
            // Whoever reads the config for its numbers says what is wrong with it.
            return null;
        }
    }
}
