using Fathom.Tokenization.Normalizers;

namespace Fathom.Tokenization.Files;

/// <summary>Reads the <c>normalizer</c> block.</summary>
internal static class NormalizerJson
{
    /// <summary>Reads one component.</summary>
    public static Normalizer Read(JsonPart part)
    {
        Normalizer result = part.Type switch
        {
            "Sequence" => new SequenceNormalizer([.. part.Parts("normalizers").Select(Read)]),
            "BertNormalizer" => ReadBert(part),
            "Strip" => new StripNormalizer(part.Flag("strip_left"), part.Flag("strip_right")),
            "StripAccents" => new StripAccentsNormalizer(),
            "NFC" => new UnicodeNormalizer(compatible: false, compose: true),
            "NFD" => new UnicodeNormalizer(compatible: false, compose: false),
            "NFKC" => new UnicodeNormalizer(compatible: true, compose: true),
            "NFKD" => new UnicodeNormalizer(compatible: true, compose: false),
            "Lowercase" => new LowercaseNormalizer(),
            "Nmt" => new NmtNormalizer(),
            "Precompiled" => ReadPrecompiled(part),
            "Replace" => new ReplaceNormalizer(PatternJson.Read(part, "pattern"), part.Text("content")),
            "Prepend" => new PrependNormalizer(part.Text("prepend")),
            "ByteLevel" => new ByteLevelNormalizer(),
            var type => throw part.Error($"the normalizer \"{type}\" is not known; known: BertNormalizer, ByteLevel, Lowercase, NFC, NFD, NFKC, NFKD, Nmt, Precompiled, Prepend, Replace, Sequence, Strip, StripAccents."),
        };
        part.Finish();
        return result;
    }

    private static BertNormalizer ReadBert(JsonPart part)
    {
        var lowercase = part.Flag("lowercase");
        return new BertNormalizer(part.Flag("clean_text"), part.Flag("handle_chinese_chars"), part.FlagOrNull("strip_accents") ?? lowercase, lowercase);
    }

    private static PrecompiledNormalizer ReadPrecompiled(JsonPart part)
    {
        try
        {
            return new PrecompiledNormalizer(new CharsMap(Convert.FromBase64String(part.Text("precompiled_charsmap"))));
        }
        catch (Exception error) when (error is FormatException or InvalidDataException)
        {
            throw new TokenizerFormatException(part.File, part.Location, $"precompiled_charsmap: {error.Message}", error);
        }
    }
}
