using Fathom.Tokenization.Decoders;
using Fathom.Tokenization.Models;
using Fathom.Tokenization.Normalizers;
using Fathom.Tokenization.PostProcessors;
using Fathom.Tokenization.PreTokenizers;

namespace Fathom.Tokenization.Files;

/// <summary>Reads BERT's <c>vocab.txt</c>: one token a line, the id is the line.</summary>
internal static class BertVocabulary
{
    /// <summary>A WordPiece tokenizer from the file and its settings.</summary>
    public static TokenizerParts Read(string path, TokenizerSettings settings)
    {
        var builder = new VocabularyBuilder();
        ReadOnlySpan<byte> text = File.ReadAllBytes(path);
        for (var line = 0; text.Length > 0; line++)
        {
            var end = text.IndexOf((byte)'\n');
            var token = end < 0 ? text : text[..end];
            text = end < 0 ? [] : text[(end + 1)..];
            builder.Add(token.EndsWith("\r"u8) ? token[..^1] : token, line);
        }

        var vocabulary = builder.Build();
        int Id(string name, string ifAbsent)
        {
            var token = settings.SpecialTokens.GetValueOrDefault(name, ifAbsent);
            return vocabulary.IdOf(token) is >= 0 and var id ? id : throw new TokenizerFormatException(path, name, $"the token \"{token}\" is not in the vocabulary.");
        }

        var (cls, sep, unk) = (Id("cls_token", "[CLS]"), Id("sep_token", "[SEP]"), Id("unk_token", "[UNK]"));
        string[] special = [.. settings.SpecialTokens.Values, "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
        return new TokenizerParts(path, new WordPieceModel(vocabulary, vocabulary.TokenOf(unk)!, "##", 100))
        {
            Normalizer = new BertNormalizer(cleanText: true, settings.TokenizeChineseChars, settings.StripAccents ?? settings.DoLowerCase, settings.DoLowerCase),
            PreTokenizer = new BertPreTokenizer(),
            PostProcessor = new TemplatePostProcessor(
                [new(-1, [cls], 0), new(0, [], 0), new(-1, [sep], 0)],
                [new(-1, [cls], 0), new(0, [], 0), new(-1, [sep], 0), new(1, [], 1), new(-1, [sep], 1)]),
            Decoder = new WordPieceDecoder("##", cleanup: true),
            AddedTokens = [.. special.Distinct().Select(token => new AddedToken(vocabulary.IdOf(token), token) { Special = true }).Where(token => token.Id >= 0).OrderBy(token => token.Id)],
            Settings = settings,
        };
    }
}
