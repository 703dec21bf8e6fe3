using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fathom.Plots.Json;

/// <summary>A grid as an array of rows.</summary>
internal sealed class GridConverter : JsonConverter<Grid>
{
    public override Grid Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("An array of rows is expected here.");
        }

        List<double> values = [];
        var (rows, columns) = (0, -1);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            var before = values.Count;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                values.Add(NumberJson.Read(ref reader));
            }

            var count = values.Count - before;
            columns = columns < 0 ? count : columns;
            if (count != columns)
            {
                throw new JsonException($"Row {rows} has {count} values, the rows before it {columns}.");
            }

            rows++;
        }

        return reader.TokenType == JsonTokenType.EndArray && rows > 0 && columns > 0
            ? new(rows, columns, values.ToArray())
            : throw new JsonException("Rows of numbers, at least one, are expected here.");
    }

    public override void Write(Utf8JsonWriter writer, Grid value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        for (var row = 0; row < value.Rows; row++)
        {
            writer.WriteStartArray();
            for (var column = 0; column < value.Columns; column++)
            {
                NumberJson.Write(writer, value[row, column]);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
