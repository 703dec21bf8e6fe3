using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fathom.Plots.Json;

/// <summary>A palette by its name, or, where it has none that everybody knows, as name, kind and colours.</summary>
internal sealed class PaletteConverter : JsonConverter<Palette>
{
    public override Palette Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            var name = reader.GetString();
            return Palette.Named.FirstOrDefault(p => p.Name == name)
                ?? throw new JsonException($"No palette is called '{name}'. Known: {string.Join(", ", Palette.Named.Select(p => p.Name))}.");
        }

        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Object && root.EnumerateObject().Count() == 3
            && root.TryGetProperty("name", out var title) && title.ValueKind == JsonValueKind.String
            && root.TryGetProperty("diverging", out var diverging) && diverging.ValueKind is JsonValueKind.True or JsonValueKind.False
            && root.TryGetProperty("stops", out var stops) && stops.ValueKind == JsonValueKind.Array)
        {
            return Palette.Of(title.GetString()!, diverging.GetBoolean(), [.. stops.EnumerateArray().Select(s => s.ToString())]);
        }

        throw new JsonException("A palette is a name, or an object of name, diverging and stops.");
    }

    public override void Write(Utf8JsonWriter writer, Palette value, JsonSerializerOptions options)
    {
        if (Palette.Named.Contains(value))
        {
            writer.WriteStringValue(value.Name);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("name", value.Name);
        writer.WriteBoolean("diverging", value.IsDiverging);
        writer.WriteStartArray("stops");
        foreach (var stop in value.Stops)
        {
            writer.WriteStringValue(stop);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
