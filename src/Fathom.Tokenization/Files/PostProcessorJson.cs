using Fathom.Tokenization.PostProcessors;

namespace Fathom.Tokenization.Files;

/// <summary>Reads the <c>post_processor</c> block.</summary>
internal static class PostProcessorJson
{
    /// <summary>Reads one component.</summary>
    public static PostProcessor Read(JsonPart part)
    {
        PostProcessor result = part.Type switch
        {
            "ByteLevel" => ReadByteLevel(part),
            var type => throw part.Error($"the post-processor \"{type}\" is not known."),
        };
        part.Finish();
        return result;
    }

    private static ByteLevelPostProcessor ReadByteLevel(JsonPart part)
    {
        part.Flag("use_regex", ifAbsent: true); // Only the pre-tokenizer of that name acts on it.
        return new ByteLevelPostProcessor(part.Flag("add_prefix_space"), part.Flag("trim_offsets"));
    }
}
