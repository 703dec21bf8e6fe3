using System.Text.Json;
using System.Text.RegularExpressions;

namespace Fathom.Architectures;

/// <summary>Tells models that were never Hugging Face classes from their config: TransformerLens's own, minGPT, nanoGPT.</summary>
internal static partial class OwnFormat
{
    private static readonly string[] Sizes = ["n_layers", "d_model", "n_heads", "n_ctx", "d_vocab"];

    /// <summary>Their ids.</summary>
    public static IReadOnlyList<string> Ids { get; } = ["neel", "neel-solu-old", "mingpt", "nanogpt"];

    /// <summary>The id that a config stands for; <see langword="null"/> for a config with a class name, and for one that fits none.</summary>
    /// <param name="json">The parsed config.json.</param>
    /// <param name="source">Where it lies: the first SoLU models are known by their repository's name alone.</param>
    public static string? Named(JsonElement json, string source)
    {
        if (json.ValueKind != JsonValueKind.Object || json.TryGetProperty("architectures", out _))
        {
            return null;
        }

        if (json.TryGetProperty("architecture", out var id) && id.ValueKind == JsonValueKind.String)
        {
            return id.GetString();
        }

        return Sizes.All(key => json.TryGetProperty(key, out _)) ? FirstSolu().IsMatch(source) ? "neel-solu-old" : "neel" : null;
    }

    [GeneratedRegex(@"SoLU_[0-9]+L_v[0-9]+_old[/\\]", RegexOptions.CultureInvariant)]
    private static partial Regex FirstSolu();
}
