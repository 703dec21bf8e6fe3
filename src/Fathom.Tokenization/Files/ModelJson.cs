using System.Text.Json;
using Fathom.Tokenization.Models;

namespace Fathom.Tokenization.Files;

/// <summary>Reads the <c>model</c> block.</summary>
internal static class ModelJson
{
    /// <summary>Reads a model whose tables lie in <paramref name="json"/>.</summary>
    public static Model Read(ReadOnlySpan<byte> json, RawModel raw)
    {
        var part = raw.Settings;
        var kind = part.IsNull("type") ? throw part.Error("\"type\" is null; it names the model, or is left out in files from before 2021.") : part.TextOrNull("type") ?? Guess(raw);
        Model model = kind switch
        {
            "BPE" => ReadBpe(json, raw),
            "WordPiece" => new WordPieceModel(ReadVocabulary(json, raw), part.Text("unk_token"), part.Text("continuing_subword_prefix"), part.Count("max_input_chars_per_word")),
            "WordLevel" => new WordLevelModel(ReadVocabulary(json, raw), part.Text("unk_token")),
            "Unigram" => ReadUnigram(json, raw),
            _ => throw part.Error($"the model type \"{kind}\" is not known; known: BPE, Unigram, WordLevel, WordPiece."),
        };
        part.Finish();
        return model;
    }

    // Files from before 2021 name no type; only one model has each of these keys.
    private static string Guess(RawModel raw) =>
        raw.Merges is not null ? "BPE"
        : raw.Settings.Has("max_input_chars_per_word") ? "WordPiece"
        : raw.Settings.Has("unk_id") ? "Unigram"
        : "WordLevel";

    private static Vocabulary ReadVocabulary(ReadOnlySpan<byte> json, RawModel raw) => raw.Merges is null
        ? VocabularyJson.Read(json[raw.Vocab], raw.Settings)
        : throw raw.Settings.Error("\"merges\" belongs to the model type BPE only.");

    private static BpeModel ReadBpe(ReadOnlySpan<byte> json, RawModel raw)
    {
        var part = raw.Settings;
        if (part.Find("dropout") is { } dropout && !(dropout.ValueKind == JsonValueKind.Number && dropout.GetDouble() == 0))
        {
            throw part.Error("dropout makes the same text give different tokens; set it to null.");
        }

        var options = new BpeOptions
        {
            UnkToken = part.TextOrNull("unk_token"),
            ContinuingSubwordPrefix = part.TextOrNull("continuing_subword_prefix") ?? "",
            EndOfWordSuffix = part.TextOrNull("end_of_word_suffix") ?? "",
            FuseUnk = part.FlagOrNull("fuse_unk") ?? false,
            ByteFallback = part.FlagOrNull("byte_fallback") ?? false,
            IgnoreMerges = part.FlagOrNull("ignore_merges") ?? false,
        };
        if (raw.Merges is not { } merges)
        {
            throw part.Error("the key \"merges\" is missing.");
        }

        var vocabulary = VocabularyJson.Read(json[raw.Vocab], part);
        return new BpeModel(vocabulary, MergesJson.Read(json[merges], vocabulary, options.ContinuingSubwordPrefix, part), options);
    }

    private static UnigramModel ReadUnigram(ReadOnlySpan<byte> json, RawModel raw)
    {
        var part = raw.Settings;
        var (vocabulary, scores) = UnigramJson.Read(json[raw.Vocab], part);
        var unk = part.CountOrNull("unk_id");
        if (unk >= scores.Length)
        {
            throw part.Error($"\"unk_id\" is {unk}, but there are only {scores.Length} tokens.");
        }

        return raw.Merges is null
            ? new UnigramModel(vocabulary, scores, unk ?? -1, part.FlagOrNull("byte_fallback") ?? false)
            : throw part.Error("\"merges\" belongs to the model type BPE only.");
    }

    /// <summary>Writes a byte-pair model.</summary>
    public static void Write(Utf8JsonWriter json, BpeModel model)
    {
        var (options, vocabulary) = (model.Options, model.Vocabulary);
        json.WriteBlock(
            model.Kind,
            ("dropout", null),
            ("unk_token", options.UnkToken),
            ("continuing_subword_prefix", OrNull(options.ContinuingSubwordPrefix)),
            ("end_of_word_suffix", OrNull(options.EndOfWordSuffix)),
            ("fuse_unk", options.FuseUnk),
            ("byte_fallback", options.ByteFallback),
            ("ignore_merges", options.IgnoreMerges),
            ("vocab", VocabularyJson.Writing(vocabulary)),
            ("merges", Merges(model.Merges, vocabulary)));
    }

    /// <summary>The old spelling, which every reader knows, unless a token has a space in it.</summary>
    private static Action<Utf8JsonWriter> Merges(MergeTable merges, Vocabulary vocabulary)
    {
        var pairs = merges.InOrder().ToList();
        if (!pairs.Exists(m => vocabulary.Utf8(m.Left).Contains((byte)' ') || vocabulary.Utf8(m.Right).Contains((byte)' ')))
        {
            return JsonBlock.List(pairs, (json, m) => json.WriteStringValue((byte[])[.. vocabulary.Utf8(m.Left), (byte)' ', .. vocabulary.Utf8(m.Right)]));
        }

        return JsonBlock.List(pairs, (json, m) =>
        {
            json.WriteStartArray();
            json.WriteStringValue(vocabulary.Utf8(m.Left));
            json.WriteStringValue(vocabulary.Utf8(m.Right));
            json.WriteEndArray();
        });
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
