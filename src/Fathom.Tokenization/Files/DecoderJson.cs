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
            "Sequence" => new SequenceDecoder([.. part.Parts("decoders").Select(Read)]),
            "ByteLevel" => ReadByteLevel(part),
            "ByteFallback" => new ByteFallbackDecoder(),
            "Fuse" => new FuseDecoder(),
            "WordPiece" => new WordPieceDecoder(part.Text("prefix"), part.Flag("cleanup")),
            "BPEDecoder" => new BpeDecoder(part.Text("suffix")),
            "Metaspace" => ReadMetaspace(part),
            "CTC" => new CtcDecoder(part.Text("pad_token"), part.Text("word_delimiter_token"), part.Flag("cleanup")),
            "Strip" => new StripDecoder(part.Scalar("content"), part.Count("start"), part.Count("stop")),
            "Replace" => new ReplaceDecoder(PatternJson.Read(part, "pattern"), part.Text("content")),
            var type => throw part.Error($"the decoder \"{type}\" is not known; known: BPEDecoder, ByteFallback, ByteLevel, CTC, Fuse, Metaspace, Replace, Sequence, Strip, WordPiece."),
        };
        part.Finish();
        return result;
    }

    private static ByteLevelDecoder ReadByteLevel(JsonPart part)
    {
        // The other users of this type act on these; decoding does not.
        part.Flag("add_prefix_space");
        part.Flag("trim_offsets");
        part.Flag("use_regex", ifAbsent: true);
        return new ByteLevelDecoder();
    }

    private static MetaspaceDecoder ReadMetaspace(JsonPart part)
    {
        var (mark, scheme, _) = PreTokenizerJson.Metaspace(part);
        return new MetaspaceDecoder(mark, scheme);
    }
}
