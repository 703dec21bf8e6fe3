using System.Text;

namespace Fathom.Tokenization.Formats;

/// <summary>What a SentencePiece model file holds: pieces with scores, and how text is normalized.</summary>
internal sealed class SentencePieceModel
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly List<(string Text, double Score, SentencePieceType Type)> _pieces = [];

    private SentencePieceModel(string source) => Source = source;

    /// <summary>The file, for messages.</summary>
    public string Source { get; }

    /// <summary>Pieces by id.</summary>
    public IReadOnlyList<(string Text, double Score, SentencePieceType Type)> Pieces => _pieces;

    /// <summary>Whether tokens are merged by score (BPE) instead of chosen by likelihood (Unigram).</summary>
    public bool IsBpe { get; private set; }

    /// <summary>Whether unknown text becomes byte tokens.</summary>
    public bool ByteFallback { get; private set; }

    /// <summary>The compiled character map; empty for none.</summary>
    public byte[] CharsMap { get; private set; } = [];

    /// <summary>Whether a space is put before a text.</summary>
    public bool AddDummyPrefix { get; private set; } = true;

    /// <summary>Whether space at the ends goes and several spaces become one.</summary>
    public bool RemoveExtraSpaces { get; private set; } = true;

    /// <summary>The id of a role, if the file names one.</summary>
    public int Unk { get; private set; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="TokenizerFormatException">It is damaged, or asks for something that is not implemented.</exception>
    public static SentencePieceModel Read(ReadOnlySpan<byte> bytes, string source)
    {
        SentencePieceModel model = new(source);
        ProtobufReader reader = new(bytes, source, "model");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    model.ReadPiece(reader.Bytes());
                    break;
                case 2:
                    model.ReadTrainer(reader.Bytes());
                    break;
                case 3:
                    model.ReadNormalizer(reader.Bytes());
                    break;
                case 5:
                    model.RefuseDenormalizer(reader.Bytes());
                    break;
                default:
                    // Field 4 holds samples to test the file with.
                    reader.Skip();
                    break;
            }
        }
        model.Unk = model._pieces.FindIndex(p => p.Type == SentencePieceType.Unknown);
        return model.Pieces.Count > 0 ? model : throw new TokenizerFormatException(source, "model", "there are no pieces. Is this a SentencePiece model?");
    }

    private void ReadPiece(ReadOnlySpan<byte> bytes)
    {
        var (text, score, type) = ("", 0f, 1ul);
        ProtobufReader reader = new(bytes, Source, $"piece {_pieces.Count}");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    text = Text(reader.Bytes(), ref reader);
                    break;
                case 2:
                    score = reader.Single();
                    break;
                case 3:
                    type = reader.Number();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        if (text.Length == 0 || !float.IsFinite(score) || type is < 1 or > 6)
        {
            throw reader.Error($"a piece needs a text, a finite score and a type from 1 to 6; found \"{text}\", {score}, {type}");
        }
        _pieces.Add((text, score, (SentencePieceType)type));
    }

    private void ReadTrainer(ReadOnlySpan<byte> bytes)
    {
        ProtobufReader reader = new(bytes, Source, "trainer_spec");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3:
                    IsBpe = reader.Number() switch
                    {
                        1 => false,
                        2 => true,
                        var kind => throw reader.Error($"the model type {kind} ({(kind == 3 ? "word" : kind == 4 ? "char" : "unknown")}) is not supported; supported: 1 (unigram), 2 (bpe)"),
                    };
                    break;
                case 24 when reader.Flag():
                    throw reader.Error("space as a suffix (treat_whitespace_as_suffix) is not supported");
                case 24:
                    break;
                case 35:
                    ByteFallback = reader.Flag();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadNormalizer(ReadOnlySpan<byte> bytes)
    {
        ProtobufReader reader = new(bytes, Source, "normalizer_spec");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    CharsMap = reader.Bytes().ToArray();
                    break;
                case 3:
                    AddDummyPrefix = reader.Flag();
                    break;
                case 4:
                    RemoveExtraSpaces = reader.Flag();
                    break;
                case 5 when !reader.Flag():
                    throw reader.Error("spaces that are not escaped (escape_whitespaces false) are not supported");
                case 5:
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void RefuseDenormalizer(ReadOnlySpan<byte> bytes)
    {
        ProtobufReader reader = new(bytes, Source, "denormalizer_spec");
        while (reader.Next())
        {
            if (reader.Field == 2 && reader.Bytes().Length > 0)
            {
                throw reader.Error("a map for decoded text is not supported");
            }
            if (reader.Field != 2)
            {
                reader.Skip();
            }
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes, ref ProtobufReader reader)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw reader.Error("a piece is not UTF-8");
        }
    }
}
