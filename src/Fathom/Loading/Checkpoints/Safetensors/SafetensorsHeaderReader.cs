using System.Text.Json;
using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Safetensors;

/// <summary>The JSON of a safetensors header, read token by token: exact fields, exact types, nothing twice, nothing unknown.</summary>
internal sealed class SafetensorsHeaderReader(ByteSource source, byte[] json)
{
    private const int LargestRank = 64;
    private const string MetadataKey = "__metadata__";

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 8, CommentHandling = JsonCommentHandling.Disallow, AllowTrailingCommas = false };

    /// <summary>Reads the whole header.</summary>
    public (OrderedDictionary<string, SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Read()
    {
        OrderedDictionary<string, SafetensorsEntry> entries = new(StringComparer.Ordinal);
        Dictionary<string, string>? metadata = null;
        if (json.Length == 0)
        {
            throw source.Invalid("the header is not a JSON object but empty.");
        }

        Utf8JsonReader reader = new(json, Strict);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw source.Invalid($"the header is not a JSON object but a JSON {Kind(reader.TokenType)}.");
        }

        while (Next(ref reader) != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            Next(ref reader);
            if (name == MetadataKey)
            {
                metadata = metadata is null ? ReadMetadata(ref reader) : throw source.Invalid("'__metadata__' is given twice (a duplicate).");
            }
            else if (!entries.TryAdd(name, ReadEntry(ref reader, name)))
            {
                throw source.Invalid($"tensor '{name}' is given twice (a duplicate name).");
            }
        }

        while (reader.Read())
        {
            // Only white space may follow; the reader throws at anything else.
        }

        return (entries, metadata ?? []);
    }

    private SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.StartObject, name, "an object with dtype, shape and data_offsets");
        StoredType? type = null;
        List<long>? shape = null, offsets = null;
        while (Next(ref reader) != JsonTokenType.EndObject)
        {
            var field = reader.GetString()!;
            Next(ref reader);
            switch (field)
            {
                case "dtype" when type is null:
                    Expect(ref reader, JsonTokenType.String, $"{name}.dtype", "text");
                    type = ReadType(name, reader.GetString()!);
                    break;
                case "shape" when shape is null:
                    shape = ReadIntegers(ref reader, $"{name}.shape", LargestRank);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadIntegers(ref reader, $"{name}.data_offsets", 2);
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw source.Invalid($"'{name}.{field}' is given twice (a duplicate field).");
                default:
                    throw source.Invalid($"'{name}' has the unknown field '{field}'; a tensor has dtype, shape and data_offsets only, and an unread field could change its meaning.");
            }
        }

        return Entry(name, type ?? throw Missing(name, "dtype"), shape ?? throw Missing(name, "shape"), offsets ?? throw Missing(name, "data_offsets"));
    }

    private SafetensorsEntry Entry(string name, StoredType type, List<long> shape, List<long> offsets)
    {
        if (offsets is not [var begin, var end])
        {
            throw source.Invalid($"'{name}.data_offsets' has {offsets.Count} numbers; exactly two are expected, begin and end.");
        }

        if (begin > end)
        {
            throw source.Invalid($"'{name}' begins at {begin}, after its end at {end}.");
        }

        var bits = (Int128)type.BlockBits;
        foreach (var size in shape)
        {
            bits *= size;
            if (bits > long.MaxValue)
            {
                throw source.Invalid($"the shape [{string.Join(", ", shape)}] of '{name}' overflows 64 bits.");
            }
        }

        if (bits % 8 != 0)
        {
            throw source.Invalid($"'{name}' has {bits} bits of {type.Label} data, which is not whole bytes.");
        }

        if (bits / 8 != end - begin)
        {
            throw source.Invalid($"shape and offsets of '{name}' disagree: {type.Label} [{string.Join(", ", shape)}] needs {bits / 8} bytes, data_offsets give {end - begin}.");
        }

        return new(new StoredTensor(name, type, shape, end - begin), begin, end);
    }

    private Dictionary<string, string> ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, MetadataKey, "an object of texts");
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        while (Next(ref reader) != JsonTokenType.EndObject)
        {
            var key = reader.GetString()!;
            Next(ref reader);
            Expect(ref reader, JsonTokenType.String, $"{MetadataKey}.{key}", "text");
            if (!metadata.TryAdd(key, reader.GetString()!))
            {
                throw source.Invalid($"'__metadata__.{key}' is given twice (a duplicate key).");
            }
        }

        return metadata;
    }

    private StoredType ReadType(string name, string label) =>
        StoredTypes.ByLabel.TryGetValue(label, out var type) && Known(type) ? type : throw source.Invalid(
            $"'{name}' has the unknown dtype '{label}'; the known ones are {string.Join(", ", StoredTypes.ByLabel.Values.Where(Known).Select(t => t.Label))}.");

    /// <summary>Block formats and complex types other than C64 have no safetensors label.</summary>
    private static bool Known(StoredType type) => type < StoredType.Q4Block0 && type is not (StoredType.C32 or StoredType.C128);

    private List<long> ReadIntegers(ref Utf8JsonReader reader, string what, int most)
    {
        Expect(ref reader, JsonTokenType.StartArray, what, "a list of non-negative integers");
        List<long> values = [];
        while (Next(ref reader) != JsonTokenType.EndArray)
        {
            Expect(ref reader, JsonTokenType.Number, what, "non-negative integers");

            // "-0", "1.0" and "1e2" are numbers to JSON but not what any writer means by a size.
            if (reader.ValueSpan.Length > 20 || reader.ValueSpan.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !reader.TryGetUInt64(out var value))
            {
                throw source.Invalid($"'{what}' holds a number that is not a non-negative 64-bit integer in plain digits.");
            }

            if (value > long.MaxValue)
            {
                throw source.Invalid($"'{what}' holds {value}, which is beyond the data of any file (over 2^63 - 1).");
            }

            if (values.Count == most)
            {
                throw source.Invalid($"'{what}' has more than {most} numbers (three offsets, or a rank over {LargestRank}).");
            }

            values.Add((long)value);
        }

        return values;
    }

    private void Expect(ref Utf8JsonReader reader, JsonTokenType wanted, string what, string description)
    {
        if (reader.TokenType != wanted)
        {
            throw source.Invalid($"'{what}' must be {description}, but is a JSON {Kind(reader.TokenType)}.");
        }
    }

    private InvalidCheckpointException Missing(string name, string field) => source.Invalid($"{field} missing: tensor '{name}' must have dtype, shape and data_offsets.");

    private static JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : throw new JsonException("the header ends inside the object.");

    private static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "object",
        JsonTokenType.StartArray => "array",
        JsonTokenType.String => "text",
        JsonTokenType.Number => "number",
        JsonTokenType.True or JsonTokenType.False => "boolean",
        JsonTokenType.Null => "null",
        _ => token.ToString(),
    };
}
