using System.Text.Json;

namespace Fathom.Loading.Checkpoints.Quantized;

/// <summary>The settings of a quantization_config, typed; a setting that would change the numbers and is not known is refused by its method.</summary>
internal sealed class QuantizationSettings(string source, JsonElement json)
{
    /// <summary>An integer.</summary>
    public int Integer(string key, int? ifAbsent = null)
    {
        if (!json.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return ifAbsent ?? throw Invalid($"has no '{key}'.");
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : throw Invalid($"has '{key}': {value}; an integer is expected.");
    }

    /// <summary>A text, in lower case.</summary>
    public string Text(string key, string ifAbsent)
    {
        if (!json.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return ifAbsent;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString()!.ToLowerInvariant() : throw Invalid($"has '{key}': {value}; a text is expected.");
    }

    /// <summary>An error about the settings.</summary>
    public InvalidCheckpointException Invalid(string problem) => new(source, $"quantization_config {problem}");
}
