using System.Text.Json;

namespace Fathom.Tokenization.Files;

/// <summary>The model block of a tokenizer file with its two big tables left unread: only where they lie.</summary>
/// <param name="Settings">Every other key of the block.</param>
/// <param name="Vocab">Where <c>vocab</c> lies in the file.</param>
/// <param name="Merges">Where <c>merges</c> lies, if it is there.</param>
internal sealed record RawModel(JsonPart Settings, Range Vocab, Range? Merges)
{
    /// <summary>Reads the outline of a file: all keys but the model's tables.</summary>
    public static (JsonPart Root, RawModel Model) Separate(ReadOnlySpan<byte> json, string file)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new TokenizerFormatException(file, "$", "a tokenizer file is one JSON object.");
        }

        Dictionary<string, JsonElement> root = [];
        RawModel? model = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (key == "model" && model is null && reader.TokenType == JsonTokenType.StartObject)
            {
                model = ReadModel(ref reader, file);
            }
            else if (!root.TryAdd(key, JsonElement.ParseValue(ref reader)))
            {
                throw new TokenizerFormatException(file, "$", $"the key \"{key}\" stands here twice; keep one.");
            }
        }

        if (reader.Read())
        {
            throw new TokenizerFormatException(file, "$", "something follows the closing brace of the file.");
        }

        return model is null
            ? throw new TokenizerFormatException(file, "model", "the key \"model\" is missing or stands here twice.")
            : (new JsonPart(file, "$", root), model);
    }

    private static RawModel ReadModel(ref Utf8JsonReader reader, string file)
    {
        Dictionary<string, JsonElement> settings = [];
        Range? vocab = null;
        Range? merges = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            switch (key)
            {
                case "vocab" when vocab is null:
                    vocab = Skip(ref reader);
                    break;
                case "merges" when merges is null:
                    merges = Skip(ref reader);
                    break;
                default:
                    if (key is "vocab" or "merges" || !settings.TryAdd(key, JsonElement.ParseValue(ref reader)))
                    {
                        throw new TokenizerFormatException(file, "model", $"the key \"{key}\" stands here twice; keep one.");
                    }

                    break;
            }
        }

        return vocab is null
            ? throw new TokenizerFormatException(file, "model", "the key \"vocab\" is missing.")
            : new RawModel(new JsonPart(file, "model", settings), vocab.Value, merges);
    }

    private static Range Skip(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }
}
