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
            "ByteLevel" => ReadByteLevel(part),
            var type => throw part.Error($"the pre-tokenizer \"{type}\" is not known."),
        };
        part.Finish();
        return result;
    }

    private static ByteLevelPreTokenizer ReadByteLevel(JsonPart part)
    {
        part.Flag("trim_offsets", ifAbsent: true); // Only the post-processor of that name acts on it.
        return new ByteLevelPreTokenizer(part.Flag("add_prefix_space"), part.Flag("use_regex", ifAbsent: true));
    }
}
