using System.Text.Json;

namespace Fathom.Tokenization.Files;

/// <summary>Writes the blocks of a <c>tokenizer.json</c>: a type and its settings.</summary>
internal static class JsonBlock
{
    /// <summary>Writes one block.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="type">Its type.</param>
    /// <param name="members">Its settings: texts, truth values, whole numbers, null, or what writes a value itself.</param>
    public static void WriteBlock(this Utf8JsonWriter json, string type, params ReadOnlySpan<(string Name, object? Value)> members)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        foreach (var (name, value) in members)
        {
            json.WriteMember(name, value);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes one member of an object.</summary>
    public static void WriteMember(this Utf8JsonWriter json, string name, object? value)
    {
        json.WritePropertyName(name);
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case Action<Utf8JsonWriter> write:
                write(json);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(value), value, "No setting of a tokenizer has this type.");
        }
    }

    /// <summary>What writes a list.</summary>
    /// <param name="items">The items.</param>
    /// <param name="write">Writes one of them.</param>
    public static Action<Utf8JsonWriter> List<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> write) => json =>
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    };
}
