using System.Text.Json;
using Fathom.Tokenization.Models;

namespace Fathom.Tokenization.Files;

/// <summary>Reads a table of tokens and log-probabilities, <c>[["token", -3.5], ...]</c>; the id is the place.</summary>
internal static class UnigramJson
{
    /// <summary>Reads the table that <paramref name="json"/> is.</summary>
    public static (Vocabulary Vocabulary, double[] Scores) Read(ReadOnlySpan<byte> json, JsonPart owner)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw owner.Error("\"vocab\" of a Unigram model must be a list of tokens with scores.");
        }

        var builder = new VocabularyBuilder(json.Length / 3);
        var buffer = new byte[256];
        List<double> scores = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var ok = reader.TokenType == JsonTokenType.StartArray && reader.Read() && reader.TokenType == JsonTokenType.String;
            var token = ok ? VocabularyJson.Text(ref reader, ref buffer) : [];
            ok = ok && reader.Read() && reader.TokenType == JsonTokenType.Number;
            var score = ok ? reader.GetDouble() : 0;
            if (!ok || !reader.Read() || reader.TokenType != JsonTokenType.EndArray || !double.IsFinite(score))
            {
                throw owner.Error($"vocab[{scores.Count}] must be a token and a finite score.");
            }

            builder.Add(token, scores.Count);
            scores.Add(score);
            if (builder.Count < scores.Count)
            {
                throw owner.Error($"vocab[{scores.Count - 1}] names the token \"{System.Text.Encoding.UTF8.GetString(token)}\" a second time.");
            }
        }

        return (builder.Build(), [.. scores]);
    }

    /// <summary>What writes a table.</summary>
    public static Action<Utf8JsonWriter> Writing(Vocabulary vocabulary, double[] scores) => JsonBlock.List(Enumerable.Range(0, scores.Length), (json, id) =>
    {
        json.WriteStartArray();
        json.WriteStringValue(vocabulary.Utf8(id));
        json.WriteNumberValue(scores[id]);
        json.WriteEndArray();
    });
}
