using System.Text.Json;
using Fathom.Tokenization.Decoders;
using Fathom.Tokenization.Models;
using Fathom.Tokenization.Normalizers;
using Fathom.Tokenization.Patterns;
using Fathom.Tokenization.PostProcessors;
using Fathom.Tokenization.PreTokenizers;

namespace Fathom.Tokenization.Files;

/// <summary>Reads GPT-2's two files, <c>vocab.json</c> and <c>merges.txt</c>, for the classes that are built from them.</summary>
internal static class VocabAndMerges
{
    /// <summary>A byte-level tokenizer from both files and their settings.</summary>
    public static TokenizerParts Read(string vocabPath, string mergesPath, TokenizerSettings settings)
    {
        var owner = new JsonPart(vocabPath, "$", []);
        try
        {
            var vocabulary = VocabularyJson.Read(File.ReadAllBytes(vocabPath), owner);
            var merges = ReadMerges(File.ReadAllBytes(mergesPath), mergesPath, vocabulary);
            var parts = new TokenizerParts(vocabPath, new BpeModel(vocabulary, merges, new BpeOptions()))
            {
                Decoder = new ByteLevelDecoder(),
                AddedTokens = Special(vocabulary, settings),
                Settings = settings,
            };
            return settings.TokenizerClass?.Replace("Fast", "", StringComparison.Ordinal) switch
            {
                null or "GPT2Tokenizer" => parts with
                {
                    PreTokenizer = new ByteLevelPreTokenizer(settings.AddPrefixSpace, useRegex: true),
                    PostProcessor = new ByteLevelPostProcessor(addPrefixSpace: true, trimOffsets: false),
                },
                "RobertaTokenizer" => parts with
                {
                    PreTokenizer = new ByteLevelPreTokenizer(settings.AddPrefixSpace, useRegex: true),
                    PostProcessor = new RobertaPostProcessor(Id(vocabulary, settings, "cls_token", "<s>", vocabPath), Id(vocabulary, settings, "sep_token", "</s>", vocabPath), trimOffsets: true, settings.AddPrefixSpace),
                },
                "Qwen2Tokenizer" => parts with
                {
                    Normalizer = new UnicodeNormalizer(compatible: false, compose: true),
                    PreTokenizer = new SequencePreTokenizer([new SplitPreTokenizer(new Pattern(Qwen2Scanner.Pattern), SplitBehavior.Isolated, invert: false), new ByteLevelPreTokenizer(addPrefixSpace: false, useRegex: false)]),
                    PostProcessor = new ByteLevelPostProcessor(addPrefixSpace: false, trimOffsets: false),
                },
                var name => throw new TokenizerFormatException(vocabPath, "tokenizer_class", $"how a {name} is built from vocab.json and merges.txt is not known here (known: GPT2Tokenizer, RobertaTokenizer, Qwen2Tokenizer); save it as tokenizer.json."),
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new TokenizerFormatException(vocabPath, "JSON", error.Message, error);
        }
    }

    private static List<AddedToken> Special(Vocabulary vocabulary, TokenizerSettings settings)
    {
        string[] names = [.. settings.SpecialTokens.Values, "<|endoftext|>"];
        return [.. names.Distinct().Select(name => new AddedToken(vocabulary.IdOf(name), name) { Special = true, StripLeft = name == settings.SpecialTokens.GetValueOrDefault("mask_token") })
            .Where(token => token.Id >= 0).OrderBy(token => token.Id)];
    }

    private static int Id(Vocabulary vocabulary, TokenizerSettings settings, string name, string ifAbsent, string path)
    {
        var token = settings.SpecialTokens.GetValueOrDefault(name, ifAbsent);
        return vocabulary.IdOf(token) is >= 0 and var id ? id : throw new TokenizerFormatException(path, name, $"the token \"{token}\" is not in the vocabulary.");
    }

    private static MergeTable ReadMerges(ReadOnlySpan<byte> text, string path, Vocabulary vocabulary)
    {
        var merges = new MergeBuilder(vocabulary, "", text.Length / 9);
        for (var line = 1; text.Length > 0; line++)
        {
            var end = text.IndexOf((byte)'\n');
            var row = end < 0 ? text : text[..end];
            text = end < 0 ? [] : text[(end + 1)..];
            row = row.EndsWith("\r"u8) ? row[..^1] : row;
            if (row.Length == 0 || row.StartsWith("#version"u8))
            {
                continue;
            }

            var space = row.IndexOf((byte)' ');
            if (space < 0 || row[(space + 1)..].Contains((byte)' '))
            {
                throw new TokenizerFormatException(path, $"line {line}", $"expected two tokens with one space between, found \"{System.Text.Encoding.UTF8.GetString(row)}\".");
            }

            if (!merges.TryAdd(row[..space], row[(space + 1)..]))
            {
                throw new TokenizerFormatException(path, $"line {line}", $"the token \"{merges.Missing}\" is not in the vocabulary.");
            }
        }

        return merges.Table;
    }
}
