using Fathom.Tokenization.Decoders;

namespace Fathom.Tokenization.Files;

/// <summary>Reads the <c>decoder</c> block.</summary>
internal static class DecoderJson
{
    /// <summary>Reads one component.</summary>
    public static Decoder Read(JsonPart part)
    {
        Decoder result = part.Type switch
        {
            "ByteLevel" => ReadByteLevel(part),
            var type => throw part.Error($"the decoder \"{type}\" is not known."),
        };
        part.Finish();
        return result;
    }

    private static ByteLevelDecoder ReadByteLevel(JsonPart part)
    {
        // The other users of this type act on these; decoding does not.
        part.Flag("add_prefix_space", ifAbsent: true);
        part.Flag("trim_offsets", ifAbsent: true);
        part.Flag("use_regex", ifAbsent: true);
        return new ByteLevelDecoder();
    }
}
