using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fathom.Plots.Json;

/// <summary>Square grids as one block of little-endian fp32 in base64 when that is exact, which patterns of an fp32 model are; else as arrays.</summary>
internal sealed class PatternListConverter : JsonConverter<ValueList<Grid>>
{
    private static readonly GridConverter Grids = new();

    public override ValueList<Grid> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            List<Grid> items = [];
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                items.Add(Grids.Read(ref reader, typeof(Grid), options));
            }

            return items;
        }

        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || root.EnumerateObject().Count() != 2
            || !root.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array || shape.GetArrayLength() != 3
            || !root.TryGetProperty("f32", out var block) || block.ValueKind != JsonValueKind.String)
        {
            throw new JsonException("Patterns are an array of grids, or an object of shape [head, query, key] and f32 in base64.");
        }

        var sides = shape.EnumerateArray().Select(s => s.ValueKind == JsonValueKind.Number && s.TryGetInt32(out var n) && n > 0 ? n : throw new JsonException("A shape holds positive whole numbers.")).ToArray();
        if (!block.TryGetBytesFromBase64(out var bytes) || (Int128)bytes.Length != (Int128)4 * sides[0] * sides[1] * sides[2])
        {
            throw new JsonException($"f32 should be base64 of 4 x {sides[0]} x {sides[1]} x {sides[2]} bytes.");
        }

        var size = sides[1] * sides[2];
        return Enumerable.Range(0, sides[0]).Select(h => Grid.Of(sides[1], sides[2],
            Enumerable.Range(0, size).Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(4 * ((h * size) + i)))))).ToArray();
    }

    public override void Write(Utf8JsonWriter writer, ValueList<Grid> value, JsonSerializerOptions options)
    {
        if (!value.All(IsSingle))
        {
            writer.WriteStartArray();
            foreach (var grid in value)
            {
                Grids.Write(writer, grid, options);
            }

            writer.WriteEndArray();
            return;
        }

        var bytes = new byte[4 * value.Sum(g => g.AsSpan().Length)];
        var at = 0;
        foreach (var grid in value)
        {
            foreach (var number in grid.AsSpan())
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), (float)number);
                at += 4;
            }
        }

        writer.WriteStartObject();
        writer.WriteStartArray("shape");
        writer.WriteNumberValue(value.Count);
        writer.WriteNumberValue(value[0].Rows);
        writer.WriteNumberValue(value[0].Columns);
        writer.WriteEndArray();
        writer.WriteBase64String("f32", bytes);
        writer.WriteEndObject();
    }

    private static bool IsSingle(Grid grid)
    {
        foreach (var number in grid.AsSpan())
        {
            if ((float)number != number && !double.IsNaN(number))
            {
                return false;
            }
        }

        return true;
    }
}
