using Fathom.Tokenization.PreTokenizers;

namespace Fathom.Tokenization.Files;

/// <summary>Reads the <c>pre_tokenizer</c> block.</summary>
internal static class PreTokenizerJson
{
    /// <summary>Reads one component.</summary>
    public static PreTokenizer Read(JsonPart part)
    {
        PreTokenizer result = part.Type switch
        {
            "Sequence" => new SequencePreTokenizer([.. part.Parts("pretokenizers").Select(Read)]),
            "ByteLevel" => ReadByteLevel(part),
            "Split" => new SplitPreTokenizer(PatternJson.Read(part, "pattern"), Behavior(part, part.Text("behavior")), part.Flag("invert")),
            "Metaspace" => ReadMetaspace(part),
            "Whitespace" => new WhitespacePreTokenizer(),
            "WhitespaceSplit" => CharacterPreTokenizer.AtSpace(),
            "BertPreTokenizer" => new BertPreTokenizer(),
            "Punctuation" => CharacterPreTokenizer.AtPunctuation(Behavior(part, part.TextOrNull("behavior") ?? "Isolated")),
            "Digits" => new DigitsPreTokenizer(part.Flag("individual_digits")),
            "CharDelimiterSplit" => CharacterPreTokenizer.At(part.Scalar("delimiter")),
            "UnicodeScripts" => new UnicodeScriptsPreTokenizer(),
            "FixedLength" => ReadFixedLength(part),
            var type => throw part.Error($"the pre-tokenizer \"{type}\" is not known; known: BertPreTokenizer, ByteLevel, CharDelimiterSplit, Digits, FixedLength, Metaspace, Punctuation, Sequence, Split, UnicodeScripts, Whitespace, WhitespaceSplit."),
        };
        part.Finish();
        return result;
    }

    /// <summary>Reads Metaspace's mark and scheme, which its decoder has too.</summary>
    public static (int Mark, PrependScheme Scheme, bool Split) Metaspace(JsonPart part)
    {
        part.TextOrNull("str_rep"); // The mark again, in files from before 2023.
        var scheme = part.Has("prepend_scheme")
            ? part.Choice<PrependScheme?>("prepend_scheme", ("always", PrependScheme.Always), ("first", PrependScheme.First), ("never", PrependScheme.Never))
            : null;
        var prefix = part.Has("add_prefix_space") ? part.Flag("add_prefix_space") : (bool?)null;
        if (prefix == false && scheme is PrependScheme.Always or PrependScheme.First)
        {
            throw part.Error("\"add_prefix_space\" is false, but \"prepend_scheme\" prepends; keep one of the two.");
        }

        return (part.Scalar("replacement"), scheme ?? (prefix == false ? PrependScheme.Never : PrependScheme.Always), part.Flag("split", ifAbsent: true));
    }

    private static MetaspacePreTokenizer ReadMetaspace(JsonPart part)
    {
        var (mark, scheme, split) = Metaspace(part);
        return new MetaspacePreTokenizer(mark, scheme, split);
    }

    private static ByteLevelPreTokenizer ReadByteLevel(JsonPart part)
    {
        part.Flag("trim_offsets"); // Only the post-processor of that name acts on it.
        return new ByteLevelPreTokenizer(part.Flag("add_prefix_space"), part.Flag("use_regex", ifAbsent: true));
    }

    private static FixedLengthPreTokenizer ReadFixedLength(JsonPart part)
    {
        var length = part.CountOrNull("length") ?? 5;
        return length > 0 ? new FixedLengthPreTokenizer(length) : throw part.Error("\"length\" must be at least 1.");
    }

    private static SplitBehavior Behavior(JsonPart part, string text) => part.Choose(
        "behavior",
        text,
        ("Removed", SplitBehavior.Removed),
        ("Isolated", SplitBehavior.Isolated),
        ("MergedWithPrevious", SplitBehavior.MergedWithPrevious),
        ("MergedWithNext", SplitBehavior.MergedWithNext),
        ("Contiguous", SplitBehavior.Contiguous));
}
