using System.Text.Encodings.Web;
using System.Text.Json;
using Fathom.Architectures;
using Fathom.Models;

namespace Fathom.Loading.Saving;

/// <summary>The config.json of a saved model: that of its own files, with what has changed.</summary>
internal static class SavedConfig
{
    private static readonly string[] TypeKeys = ["dtype", "torch_dtype"];

    /// <summary>Writes the config.</summary>
    /// <param name="origin">The model's own files.</param>
    /// <param name="architecture">The family, for a config that lies under a name that told it.</param>
    /// <param name="type">The type of the weights that are written.</param>
    /// <param name="unties">Whether the config must say that embedding and unembedding are separate.</param>
    /// <returns>The bytes of the file.</returns>
    public static byte[] Write(ModelOrigin origin, Architecture architecture, torch.ScalarType type, bool unties)
    {
        var config = ConfigFile.Parse(System.Text.Encoding.UTF8.GetBytes(origin.ConfigJson), origin.ConfigSource);
        Dictionary<string, object> changes = TypeKeys.Where(k => config.TryGetProperty(k, out _)).DefaultIfEmpty(TypeKeys[1]).ToDictionary(k => k, _ => (object)Label(type));
        if (unties)
        {
            changes["tie_word_embeddings"] = false;
        }

        if (Catalogue.Named(config) != architecture.Ids[0] && !config.TryGetProperty("architectures", out _))
        {
            changes["architecture"] = architecture.Ids[0];
        }

        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            foreach (var property in config.EnumerateObject())
            {
                json.WritePropertyName(property.Name);
                if (changes.Remove(property.Name, out var changed))
                {
                    JsonSerializer.Serialize(json, changed);
                }
                else
                {
                    Copy(json, property.Value, isNumberWord: true);
                }
            }

            foreach (var (key, value) in changes.OrderBy(c => c.Key, StringComparer.Ordinal))
            {
                json.WritePropertyName(key);
                JsonSerializer.Serialize(json, value);
            }

            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        return bytes.ToArray();
    }

    /// <summary>The type as Hugging Face's configs name it.</summary>
    private static string Label(torch.ScalarType type) => type.ToString().ToLowerInvariant();

    /// <summary>Copies a value as it was written; Python's bare <c>Infinity</c>, which reading puts in quotes, loses them again.</summary>
    private static void Copy(Utf8JsonWriter json, JsonElement value, bool isNumberWord)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    json.WritePropertyName(property.Name);
                    Copy(json, property.Value, property.Name != "__float__");
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                {
                    Copy(json, element, isNumberWord: true);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.String when isNumberWord && value.GetString() is "Infinity" or "-Infinity" or "NaN":
                json.WriteRawValue(value.GetString()!, skipInputValidation: true);
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
