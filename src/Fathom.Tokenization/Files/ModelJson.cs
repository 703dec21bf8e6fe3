using Fathom.Tokenization.Models;

namespace Fathom.Tokenization.Files;

/// <summary>Reads the <c>model</c> block.</summary>
internal static class ModelJson
{
    /// <summary>Reads a model whose tables lie in <paramref name="json"/>.</summary>
    public static Model Read(ReadOnlySpan<byte> json, RawModel raw)
    {
        var part = raw.Settings;
        var kind = part.TextOrNull("type") ?? Guess(raw);
        Model model = kind switch
        {
            "BPE" => ReadBpe(json, raw),
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

    private static BpeModel ReadBpe(ReadOnlySpan<byte> json, RawModel raw)
    {
        var part = raw.Settings;
        if (part.Find("dropout") is { } dropout && !(dropout.TryGetDouble(out var value) && value == 0))
        {
            throw part.Error("dropout makes the same text give different tokens; set it to null.");
        }

        var options = new BpeOptions
        {
            UnkToken = part.TextOrNull("unk_token"),
            ContinuingSubwordPrefix = part.TextOrNull("continuing_subword_prefix") ?? "",
            EndOfWordSuffix = part.TextOrNull("end_of_word_suffix") ?? "",
            FuseUnk = part.Flag("fuse_unk", ifAbsent: false),
            ByteFallback = part.Flag("byte_fallback", ifAbsent: false),
            IgnoreMerges = part.Flag("ignore_merges", ifAbsent: false),
        };
        if (raw.Merges is not { } merges)
        {
            throw part.Error("the key \"merges\" is missing.");
        }

        var vocabulary = VocabularyJson.Read(json[raw.Vocab], part);
        return new BpeModel(vocabulary, MergesJson.Read(json[merges], vocabulary, options.ContinuingSubwordPrefix, part), options);
    }
}
