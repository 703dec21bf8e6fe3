using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Fathom.Tokenization.Decoders;
using Fathom.Tokenization.Models;
using Fathom.Tokenization.Normalizers;
using Fathom.Tokenization.PostProcessors;
using Fathom.Tokenization.PreTokenizers;

namespace Fathom.Tokenization.Files;

/// <summary>Reads <c>tokenizer.json</c>; everything in it is honoured or refused by name.</summary>
internal static class TokenizerJson
{
    /// <summary>Reads a whole file.</summary>
    public static TokenizerParts Read(ReadOnlySpan<byte> json, string file)
    {
        // The JSON reader looks at the bytes of the strings it is asked for only; a damaged key or token elsewhere would pass.
        if (!Utf8.IsValid(json))
        {
            throw new TokenizerFormatException(file, "JSON", $"byte {FirstInvalid(json)} is not UTF-8. The file is damaged or stored in another encoding; fetch it again.");
        }

        try
        {
            return ReadParts(json.StartsWith("\uFEFF"u8) ? json[3..] : json, file);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape that is half a surrogate pair.
            throw new TokenizerFormatException(file, "JSON", error.Message, error);
        }
    }

    /// <summary>Reads a token with its flags.</summary>
    /// <param name="part">The token.</param>
    /// <param name="id">Its id, which may stand outside.</param>
    /// <param name="complete">Whether every flag must be there, as in <c>tokenizer.json</c>.</param>
    public static AddedToken ReadAddedToken(JsonPart part, int id, bool complete)
    {
        bool Flag(string key, bool ifAbsent) => complete ? part.Flag(key) : part.Flag(key, ifAbsent);
        var token = new AddedToken(id, part.Text("content"))
        {
            SingleWord = Flag("single_word", ifAbsent: false),
            StripLeft = Flag("lstrip", ifAbsent: false),
            StripRight = Flag("rstrip", ifAbsent: false),
            Normalized = Flag("normalized", ifAbsent: true),
            Special = Flag("special", ifAbsent: false),
        };
        part.Finish();
        return token;
    }

    private static int FirstInvalid(ReadOnlySpan<byte> json)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(json[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    private static TokenizerParts ReadParts(ReadOnlySpan<byte> json, string file)
    {
        var (root, model) = RawModel.Separate(json, file);
        if (root.Text("version") is not "1.0" and var version)
        {
            throw root.Error($"version \"{version}\" is not known; known: 1.0.");
        }

        var parts = new TokenizerParts(file, ModelJson.Read(json, model))
        {
            Normalizer = root.PartOrNull("normalizer") is { } normalizer ? NormalizerJson.Read(normalizer) : null,
            PreTokenizer = root.PartOrNull("pre_tokenizer") is { } preTokenizer ? PreTokenizerJson.Read(preTokenizer) : null,
            PostProcessor = root.PartOrNull("post_processor") is { } postProcessor ? PostProcessorJson.Read(postProcessor) : null,
            Decoder = root.PartOrNull("decoder") is { } decoder ? DecoderJson.Read(decoder) : null,
            AddedTokens = root.Has("added_tokens") ? [.. root.Parts("added_tokens").Select(part => ReadAddedToken(part, part.Count("id"), complete: true))] : [],
            Truncation = root.PartOrNull("truncation") is { } truncation ? ReadTruncation(truncation) : null,
            Padding = root.PartOrNull("padding") is { } padding ? ReadPadding(padding) : null,
        };
        root.Finish();
        return parts;
    }

    private static Truncation ReadTruncation(JsonPart part)
    {
        var truncation = new Truncation(part.Count("max_length"))
        {
            Strategy = part.Choice("strategy", ("LongestFirst", TruncationStrategy.LongestFirst), ("OnlyFirst", TruncationStrategy.OnlyFirst), ("OnlySecond", TruncationStrategy.OnlySecond)),
            Stride = part.Count("stride"),
            Direction = part.Has("direction") || part.IsNull("direction") ? ReadSide(part) : Side.Right,
        };
        part.Finish();
        return truncation;
    }

    private static Padding ReadPadding(JsonPart part)
    {
        var strategy = part.Get("strategy");
        int? length = null;
        if (strategy.ValueKind == JsonValueKind.Object)
        {
            var fixedLength = part.Part("strategy");
            length = fixedLength.Count("Fixed");
            fixedLength.Finish();
        }
        else
        {
            part.Choice("strategy", ("BatchLongest", true));
        }

        var padding = new Padding(part.Count("pad_id"), part.Text("pad_token"))
        {
            Length = length,
            MultipleOf = part.CountOrNull("pad_to_multiple_of"),
            TypeId = part.Count("pad_type_id"),
            Direction = ReadSide(part),
        };
        part.Finish();
        return padding;
    }

    private static Side ReadSide(JsonPart part) => part.Choice("direction", ("Right", Side.Right), ("Left", Side.Left));
}
