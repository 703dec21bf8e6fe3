using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fathom.Plots.Json;

/// <summary>A list of numbers as a JSON array.</summary>
internal sealed class NumberListConverter : JsonConverter<ValueList<double>>
{
    public override ValueList<double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("An array of numbers is expected here.");
        }

        List<double> items = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(NumberJson.Read(ref reader));
        }

        return items;
    }

    public override void Write(Utf8JsonWriter writer, ValueList<double> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var item in value)
        {
            NumberJson.Write(writer, item);
        }

        writer.WriteEndArray();
    }
}
