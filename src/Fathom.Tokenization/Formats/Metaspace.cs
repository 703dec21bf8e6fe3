using Fathom.Tokenization.Decoders;
using Fathom.Tokenization.Normalizers;
using Fathom.Tokenization.Patterns;

namespace Fathom.Tokenization.Formats;

/// <summary>The parts that tokenizers of the SentencePiece kind share.</summary>
internal static class Metaspace
{
    /// <summary>U+2581, which stands for a space.</summary>
    public const string Mark = "\u2581";

    /// <summary>Turns spaces into marks.</summary>
    public static Normalizer Replace => new ReplaceNormalizer(Pattern.Literal(" "), Mark);

    /// <summary>Drops space at the end and turns several spaces into one mark, as the converters of T5 and its kin do.</summary>
    public static IReadOnlyList<Normalizer> RemoveExtraSpaces => [new StripNormalizer(false, true), new ReplaceNormalizer(new Pattern(" {2,}"), Mark)];

    /// <summary>Turns marks into spaces, byte tokens into text, and drops the space that was put in front.</summary>
    public static Decoder ByteDecoder(bool stripsPrefix)
    {
        List<Decoder> decoders = [new ReplaceDecoder(Pattern.Literal(Mark), " "), new ByteFallbackDecoder(), new FuseDecoder()];
        if (stripsPrefix)
        {
            decoders.Add(new StripDecoder(' ', 1, 0));
        }
        return new SequenceDecoder(decoders);
    }

    /// <summary>A normalizer from a compiled character map.</summary>
    /// <exception cref="TokenizerFormatException">The map is damaged.</exception>
    public static Normalizer CharsMap(byte[] map, string source)
    {
        try
        {
            return new PrecompiledNormalizer(new CharsMap(map));
        }
        catch (InvalidDataException error)
        {
            throw new TokenizerFormatException(source, "precompiled_charsmap", error.Message, error);
        }
    }
}
