using System.Collections.Immutable;
using Fathom.Tokenization.Decoders;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Models;
using Fathom.Tokenization.Normalizers;
using Fathom.Tokenization.Patterns;
using Fathom.Tokenization.PostProcessors;
using Fathom.Tokenization.PreTokenizers;

namespace Fathom.Tokenization.Formats;

/// <summary>Builds a tokenizer from a SentencePiece model, as the reference's converters do.</summary>
internal sealed class SentencePieceTokenizer(SentencePieceModel file, SentencePieceStyle style, int extraIds)
{
    private const string Escaped = "()[]{}?*+-|^$\\.&~# \t\n\r\v\f";

    private static readonly string[] BosNames = ["<s>", "<bos>"];
    private static readonly string[] EosNames = ["</s>", "<eos>"];

    /// <summary>Builds the parts.</summary>
    public TokenizerParts Build()
    {
        var (vocabulary, scores) = Vocabulary();
        Model model = file.IsBpe
            ? new BpeModel(vocabulary, ScoredMerges.Build(vocabulary, file.Pieces.Count, id => file.Pieces[id].Text, scores, file.Source), new BpeOptions
            {
                UnkToken = file.Unk < 0 ? null : file.Pieces[file.Unk].Text,
                FuseUnk = true,
                ByteFallback = file.ByteFallback || style is SentencePieceStyle.Llama or SentencePieceStyle.LlamaLegacy or SentencePieceStyle.Gemma,
                IgnoreMerges = style == SentencePieceStyle.AsFile,
            })
            : new UnigramModel(vocabulary, scores, file.Unk, file.ByteFallback);
        return new TokenizerParts(file.Source, model)
        {
            Normalizer = Normalizer(),
            PreTokenizer = PreTokenizer(),
            PostProcessor = PostProcessor(),
            Decoder = Decoder(),
            AddedTokens = AddedTokens(),
            Settings = Settings(),
        };
    }

    private TokenizerSettings Settings()
    {
        (string Name, int? Id)[] roles = [("bos_token", Control(BosNames)), ("eos_token", Control(EosNames)), ("pad_token", Control(["<pad>"])), ("unk_token", file.Unk < 0 ? null : file.Unk)];
        var tokens = roles.Where(r => r.Id is not null).ToImmutableDictionary(r => r.Name, r => file.Pieces[r.Id!.Value].Text);
        return new TokenizerSettings
        {
            BosToken = tokens.GetValueOrDefault("bos_token"),
            EosToken = tokens.GetValueOrDefault("eos_token"),
            PadToken = tokens.GetValueOrDefault("pad_token"),
            UnkToken = tokens.GetValueOrDefault("unk_token"),
            SpecialTokens = tokens,
        };
    }

    private (Vocabulary Vocabulary, double[] Scores) Vocabulary()
    {
        VocabularyBuilder builder = new();
        var scores = new double[file.Pieces.Count + extraIds];
        for (var id = 0; id < file.Pieces.Count; id++)
        {
            builder.Add(file.Pieces[id].Text, id);
            scores[id] = file.Pieces[id].Score;
            if (builder.Count <= id)
            {
                throw new TokenizerFormatException(file.Source, $"piece {id}", $"the piece \"{file.Pieces[id].Text}\" is in the file twice.");
            }
        }
        for (var i = 0; i < extraIds; i++)
        {
            builder.Add(ExtraId(i), file.Pieces.Count + i);
        }
        return (builder.Build(), scores);
    }

    // They count backwards, as in the reference.
    private string ExtraId(int place) => $"<extra_id_{extraIds - 1 - place}>";

    private Normalizer? Normalizer()
    {
        List<Normalizer> steps = [];
        if (file.CharsMap.Length > 0)
        {
            steps.Add(Metaspace.CharsMap(file.CharsMap, file.Source));
        }
        switch (style)
        {
            case SentencePieceStyle.T5:
                steps.AddRange(Metaspace.RemoveExtraSpaces);
                break;
            case SentencePieceStyle.LlamaLegacy:
                steps.AddRange([new PrependNormalizer(Metaspace.Mark), Metaspace.Replace]);
                break;
            case SentencePieceStyle.Llama or SentencePieceStyle.Gemma:
                steps.Add(Metaspace.Replace);
                break;
            default:
                if (file.RemoveExtraSpaces)
                {
                    steps.AddRange([new ReplaceNormalizer(new Pattern(@"\A +| +\z"), ""), new ReplaceNormalizer(new Pattern(" {2,}"), " ")]);
                }
                steps.Add(Metaspace.Replace);
                if (file.AddDummyPrefix)
                {
                    // A text that begins with the mark itself gets a space in front all the same.
                    steps.Add(new ReplaceNormalizer(new Pattern(@"\A" + Metaspace.Mark), Metaspace.Mark + Metaspace.Mark));
                }
                break;
        }
        return steps.Count == 1 ? steps[0] : new SequenceNormalizer(steps);
    }

    private PreTokenizer? PreTokenizer()
    {
        switch (style)
        {
            case SentencePieceStyle.T5:
                return new MetaspacePreTokenizer(Metaspace.Mark[0], PrependScheme.Always, split: true);
            case SentencePieceStyle.Llama:
                return new MetaspacePreTokenizer(Metaspace.Mark[0], PrependScheme.First, split: false);
            case SentencePieceStyle.Gemma:
                return new SplitPreTokenizer(Pattern.Literal(" "), SplitBehavior.MergedWithPrevious, invert: false);
            case SentencePieceStyle.LlamaLegacy:
                return null;
        }
        List<PreTokenizer> steps = [];
        if (file.AddDummyPrefix)
        {
            steps.Add(new MetaspacePreTokenizer(Metaspace.Mark[0], PrependScheme.Always, split: false));
        }
        if (UserDefined() is { Length: > 0 } symbols)
        {
            steps.Add(new SplitPreTokenizer(new Pattern(string.Join('|', symbols.Select(Escape))), SplitBehavior.Isolated, invert: false));
        }
        return steps.Count == 0 ? null : new SequencePreTokenizer(steps);
    }

    private string[] UserDefined() =>
        [.. file.Pieces.Where(p => p.Type == SentencePieceType.UserDefined).Select(p => p.Text).OrderByDescending(p => p.Length)];

    private static string Escape(string text)
    {
        System.Text.StringBuilder builder = new();
        foreach (var c in text)
        {
            builder.Append(Escaped.Contains(c, StringComparison.Ordinal) ? "\\" : "").Append(c);
        }
        return builder.ToString();
    }

    private TemplatePostProcessor? PostProcessor() => style switch
    {
        SentencePieceStyle.AsFile => null,
        SentencePieceStyle.T5 => Templates.Surround(null, Required(EosNames), secondType: 0),
        _ => Templates.Surround(Required(BosNames), null),
    };

    private Decoder Decoder() => style switch
    {
        SentencePieceStyle.T5 => new MetaspaceDecoder(Metaspace.Mark[0], PrependScheme.Always),
        SentencePieceStyle.Gemma => Metaspace.ByteDecoder(stripsPrefix: false),
        SentencePieceStyle.AsFile => Metaspace.ByteDecoder(file.AddDummyPrefix),
        _ => Metaspace.ByteDecoder(stripsPrefix: true),
    };

    private AddedToken[] AddedTokens() =>
    [
        .. file.Pieces.Select((p, id) => (p, id)).Where(x => x.p.Type is SentencePieceType.Control or SentencePieceType.Unknown).Select(x => new AddedToken(x.id, x.p.Text) { Special = true }),
        .. Enumerable.Range(0, extraIds).Select(i => new AddedToken(file.Pieces.Count + i, ExtraId(i)) { Special = true }),
    ];

    private int? Control(string[] names) => Enumerable.Range(0, file.Pieces.Count)
        .Where(id => file.Pieces[id].Type == SentencePieceType.Control && names.Contains(file.Pieces[id].Text)).Select(id => (int?)id).FirstOrDefault();

    private int Required(string[] names) => Control(names) ?? throw new TokenizerFormatException(
        file.Source, "pieces", $"the style {style} needs one of the control pieces {string.Join(", ", names)}, and the file has none. Use SentencePieceStyle.AsFile.");
}
