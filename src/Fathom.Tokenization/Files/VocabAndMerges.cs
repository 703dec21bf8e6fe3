using System.Text.Json;
using Fathom.Tokenization.Decoders;
using Fathom.Tokenization.Models;
using Fathom.Tokenization.PostProcessors;
using Fathom.Tokenization.PreTokenizers;

namespace Fathom.Tokenization.Files;

/// <summary>Reads GPT-2's two files, <c>vocab.json</c> and <c>merges.txt</c>.</summary>
internal static class VocabAndMerges
{
    private const string EndOfText = "<|endoftext|>";

    /// <summary>A byte-level tokenizer from both files.</summary>
    public static TokenizerParts Read(string vocabPath, string mergesPath)
    {
        var owner = new JsonPart(vocabPath, "$", []);
        try
        {
            var vocabulary = VocabularyJson.Read(File.ReadAllBytes(vocabPath), owner);
            var merges = ReadMerges(File.ReadAllBytes(mergesPath), mergesPath, vocabulary);
            return new TokenizerParts(vocabPath, new BpeModel(vocabulary, merges, new BpeOptions()))
            {
                PreTokenizer = new ByteLevelPreTokenizer(addPrefixSpace: false, useRegex: true),
                PostProcessor = new ByteLevelPostProcessor(addPrefixSpace: true, trimOffsets: false),
                Decoder = new ByteLevelDecoder(),
                AddedTokens = vocabulary.IdOf(EndOfText) is >= 0 and var id ? [new AddedToken(id, EndOfText) { Special = true }] : [],
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new TokenizerFormatException(vocabPath, "JSON", error.Message, error);
        }
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
