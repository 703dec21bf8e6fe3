using Fathom.Tokenization.Decoders;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Models;
using Fathom.Tokenization.Normalizers;
using Fathom.Tokenization.PostProcessors;
using Fathom.Tokenization.PreTokenizers;

namespace Fathom.Tokenization.Formats;

/// <summary>Builds the tokenizer that a GGUF file's metadata describes, as the tokenizer.json of the same vocabulary would.</summary>
internal static class GgufTokenizer
{
    // BPE files of these kinds begin a text with BOS unless they say otherwise.
    private static readonly HashSet<string> BeginsByDefault = ["llama3", "llama-v3", "llama-bpe", "falcon3", "pixtral", "lfm2", "tekken", "chameleon"];

    // A whole piece that is a token is taken as it is.
    private static readonly HashSet<string> TakesWholePieces = ["llama3", "llama-v3", "llama-bpe", "falcon3", "pixtral", "lfm2", "tekken"];

    /// <summary>Reads the metadata.</summary>
    public static TokenizerParts Read(GgufMetadata metadata)
    {
        if (metadata.Text("tokenizer.huggingface.json") is { } whole)
        {
            return TokenizerJson.Read(System.Text.Encoding.UTF8.GetBytes(whole), metadata.Source + ": tokenizer.huggingface.json");
        }
        metadata.RefuseUnknownKeys();
        return metadata.Text("model") switch
        {
            "gpt2" => ReadByteLevel(metadata),
            "llama" => ReadSentencePiece(metadata),
            "t5" => ReadUnigram(metadata),
            "bert" => ReadWordPiece(metadata),
            null => throw metadata.Error("model", "the key is missing; it names the kind of tokenizer."),
            var other => throw metadata.Error("model", $"the kind \"{other}\" is not supported; supported: bert, gpt2, llama, t5. Use the model's tokenizer.json instead."),
        };
    }

    private static TokenizerParts ReadByteLevel(GgufMetadata metadata)
    {
        var pre = metadata.Text("pre") ?? throw metadata.Error("pre", "the key is missing, so it is not known how text is cut before merging. Use the model's tokenizer.json, or add the key with one of: " + string.Join(", ", PreTokenizerNames.All) + ".");
        var tokens = GgufTokens.Read(metadata);
        return new TokenizerParts(metadata.Source, new BpeModel(tokens.Vocabulary, ReadMerges(metadata, tokens), new BpeOptions { IgnoreMerges = TakesWholePieces.Contains(pre) }))
        {
            Normalizer = PreTokenizerNames.Normalizer(pre),
            PreTokenizer = PreTokenizerNames.Find(pre) ?? throw metadata.Error("pre", $"the pre-tokenizer \"{pre}\" is not known; known: {string.Join(", ", PreTokenizerNames.All)}."),
            PostProcessor = tokens.Template(BeginsByDefault.Contains(pre)),
            Decoder = new ByteLevelDecoder(),
            AddedTokens = tokens.AddedTokens(),
            Settings = tokens.Settings(),
        };
    }

    private static MergeTable ReadMerges(GgufMetadata metadata, GgufTokens tokens)
    {
        var merges = metadata.Texts("merges") ?? throw metadata.Error("merges", "the list of merges is missing.");
        MergeBuilder builder = new(tokens.Vocabulary, "", merges.Length);
        for (var i = 0; i < merges.Length; i++)
        {
            // A piece may itself begin with a space, so the first character never separates.
            var space = merges[i].Length > 1 ? merges[i].IndexOf(' ', 1) : -1;
            if (space < 0 || space == merges[i].Length - 1)
            {
                throw metadata.Error($"merges[{i}]", $"expected two tokens with a space between, found \"{merges[i]}\".");
            }
            if (!builder.TryAdd(System.Text.Encoding.UTF8.GetBytes(merges[i][..space]), System.Text.Encoding.UTF8.GetBytes(merges[i][(space + 1)..])))
            {
                throw metadata.Error($"merges[{i}]", $"the token \"{builder.Missing}\" is not in the vocabulary.");
            }
        }
        return builder.Table;
    }

    private static TokenizerParts ReadSentencePiece(GgufMetadata metadata)
    {
        var tokens = GgufTokens.Read(metadata);
        var scores = tokens.Scores ?? throw metadata.Error("scores", "the list of scores is missing; without it the order of merging is not known.");
        var addPrefix = metadata.Flag("add_space_prefix", ifAbsent: true);
        BpeOptions options = new() { UnkToken = tokens.UnknownToken, FuseUnk = true, ByteFallback = true };
        return new TokenizerParts(metadata.Source, new BpeModel(tokens.Vocabulary, ScoredMerges.Build(tokens.Vocabulary, tokens.Count, id => tokens[id], scores, metadata.Source), options))
        {
            Normalizer = addPrefix ? new SequenceNormalizer([new PrependNormalizer(Metaspace.Mark), Metaspace.Replace]) : Metaspace.Replace,
            PostProcessor = tokens.Template(addBos: true),
            Decoder = Metaspace.ByteDecoder(addPrefix),
            AddedTokens = tokens.AddedTokens(),
            Settings = tokens.Settings(),
        };
    }

    private static TokenizerParts ReadUnigram(GgufMetadata metadata)
    {
        var tokens = GgufTokens.Read(metadata);
        var scores = tokens.Scores ?? throw metadata.Error("scores", "the list of scores is missing; the kind t5 chooses tokens by it.");
        var scheme = metadata.Flag("add_space_prefix", ifAbsent: true) ? PrependScheme.Always : PrependScheme.Never;
        List<Normalizer> normalizers = [];
        if (metadata.Bytes("precompiled_charsmap") is { Length: > 0 } map)
        {
            normalizers.Add(Metaspace.CharsMap(map, metadata.Source));
        }
        if (metadata.Flag("remove_extra_whitespaces", ifAbsent: true))
        {
            normalizers.AddRange(Metaspace.RemoveExtraSpaces);
        }
        return new TokenizerParts(metadata.Source, new UnigramModel(tokens.Vocabulary, scores, tokens.UnknownToken is { } unknown ? tokens.Vocabulary.IdOf(unknown) : -1, byteFallback: false))
        {
            Normalizer = new SequenceNormalizer(normalizers),
            PreTokenizer = new MetaspacePreTokenizer(Metaspace.Mark[0], scheme, split: true),
            PostProcessor = tokens.Template(addBos: false),
            Decoder = new MetaspaceDecoder(Metaspace.Mark[0], scheme),
            AddedTokens = tokens.AddedTokens(),
            Settings = tokens.Settings(),
        };
    }

    private static TokenizerParts ReadWordPiece(GgufMetadata metadata)
    {
        // The file marks words that begin with U+2581; a vocabulary of this kind marks those that go on with ##.
        var tokens = GgufTokens.Read(metadata, (token, type) => type != 1 ? token : token.StartsWith(Metaspace.Mark, StringComparison.Ordinal) ? token[1..] : "##" + token);
        var unknown = tokens.UnknownToken ?? throw metadata.Error("unknown_token_id", "the key is missing; words outside the vocabulary have no token.");
        var isLower = !Enumerable.Range(0, tokens.Count).Any(id => tokens.IsNormal(id) && tokens[id].Any(char.IsAsciiLetterUpper));
        var (cls, sep) = (tokens.RoleId("cls") ?? tokens.RoleId("bos"), tokens.RoleId("seperator") ?? tokens.RoleId("eos"));
        return new TokenizerParts(metadata.Source, new WordPieceModel(tokens.Vocabulary, unknown, "##", 100))
        {
            Normalizer = new BertNormalizer(cleanText: true, handleChineseChars: true, stripAccents: isLower, lowercase: isLower),
            PreTokenizer = new BertPreTokenizer(),
            PostProcessor = cls is { } first && sep is { } last
                ? new TemplatePostProcessor([new(-1, [first], 0), new(0, [], 0), new(-1, [last], 0)], [new(-1, [first], 0), new(0, [], 0), new(-1, [last], 0), new(1, [], 1), new(-1, [last], 1)])
                : throw metadata.Error("cls_token_id", "the ids of the tokens before and after a text (cls or bos, seperator or eos) are missing."),
            Decoder = new WordPieceDecoder("##", cleanup: true),
            AddedTokens = tokens.AddedTokens(),
            Settings = tokens.Settings(),
        };
    }
}
