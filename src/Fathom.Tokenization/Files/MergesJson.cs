using System.Text.Json;
using Fathom.Tokenization.Models;

namespace Fathom.Tokenization.Files;

/// <summary>Reads a list of merges, in the old spelling <c>"a b"</c> or the new one <c>["a", "b"]</c>.</summary>
internal static class MergesJson
{
    /// <summary>Reads the list that <paramref name="json"/> is.</summary>
    public static MergeTable Read(ReadOnlySpan<byte> json, Vocabulary vocabulary, string prefix, JsonPart owner)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw owner.Error("\"merges\" must be a list.");
        }

        var merges = new MergeBuilder(vocabulary, prefix, json.Length / 12);
        var (left, right) = (new byte[256], new byte[256]);
        for (var rank = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; rank++)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                var pair = VocabularyJson.Text(ref reader, ref left);
                if (pair.StartsWith("#version"u8))
                {
                    continue; // A merges.txt pasted in with its first line.
                }

                var space = pair.IndexOf((byte)' ');
                if (space < 0 || pair[(space + 1)..].Contains((byte)' '))
                {
                    throw owner.Error($"merges[{rank}] must be two tokens with one space between, found \"{System.Text.Encoding.UTF8.GetString(pair)}\".");
                }

                Check(merges.TryAdd(pair[..space], pair[(space + 1)..]), owner, rank, merges);
                continue;
            }

            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw owner.Error($"merges[{rank}] must be a string or a list of two.");
            }

            reader.Read();
            var isText = reader.TokenType == JsonTokenType.String;
            var first = isText ? VocabularyJson.Text(ref reader, ref left) : [];
            reader.Read();
            isText &= reader.TokenType == JsonTokenType.String;
            var second = isText ? VocabularyJson.Text(ref reader, ref right) : [];
            reader.Read();
            if (!isText || reader.TokenType != JsonTokenType.EndArray)
            {
                throw owner.Error($"merges[{rank}] must be a list of two tokens.");
            }

            Check(merges.TryAdd(first, second), owner, rank, merges);
        }

        return merges.Table;
    }

    private static void Check(bool added, JsonPart owner, int rank, MergeBuilder merges)
    {
        if (!added)
        {
            throw owner.Error($"merges[{rank}] names the token \"{merges.Missing}\", which the vocabulary does not hold.");
        }
    }
}
