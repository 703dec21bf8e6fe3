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
}
