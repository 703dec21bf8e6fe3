using System.Text.Json;
using Fathom.Tokenization.Models;

namespace Fathom.Tokenization.Files;

/// <summary>Reads a table of tokens and ids, <c>{"token": id}</c>, without making strings.</summary>
internal static class VocabularyJson
{
    /// <summary>Reads the table that <paramref name="json"/> is.</summary>
    /// <param name="json">The table's bytes.</param>
    /// <param name="owner">What the table belongs to, for messages.</param>
    public static Vocabulary Read(ReadOnlySpan<byte> json, JsonPart owner)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw owner.Error("\"vocab\" must be an object from token to id.");
        }

        var builder = new VocabularyBuilder(json.Length / 2);
        var buffer = new byte[256];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var token = Text(ref reader, ref buffer);
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var id) || id < 0)
            {
                throw owner.Error($"vocab: the token \"{System.Text.Encoding.UTF8.GetString(token)}\" needs an id from 0 to 2147483647.");
            }

            builder.Add(token, id);
        }

        var vocabulary = builder.Build();
        // The reference decodes such an id to either token, by chance.
        return vocabulary.SharedId is { } shared
            ? throw owner.Error($"vocab: the tokens {string.Join(" and ", vocabulary.TokensOf(shared).Select(token => $"\"{token}\""))} have one id, {shared}, which then decodes to either. Give each its own.")
            : vocabulary;
    }

    /// <summary>The UTF-8 of the string or key under the reader; valid until the next call with the same buffer.</summary>
    public static ReadOnlySpan<byte> Text(ref Utf8JsonReader reader, ref byte[] buffer)
    {
        var raw = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            return raw;
        }

        if (raw.Length > buffer.Length)
        {
            buffer = new byte[raw.Length];
        }

        return buffer.AsSpan(0, reader.CopyString(buffer));
    }

    /// <summary>What writes a table, in order of ids.</summary>
    public static Action<Utf8JsonWriter> Writing(Vocabulary vocabulary) => json =>
    {
        var ids = vocabulary.Ids.ToArray();
        json.WriteStartObject();
        foreach (var place in Enumerable.Range(0, ids.Length).OrderBy(p => ids[p]))
        {
            json.WriteNumber(vocabulary.TokenAt(place), ids[place]);
        }

        json.WriteEndObject();
    };
}
