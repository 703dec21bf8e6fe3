using System.IO.Compression;
using Fathom.Tokenization.Formats;

namespace Fathom.Tokenization.Files;

/// <summary>Finds and reads the tokenizer of a model folder.</summary>
internal static class TokenizerFolder
{
    /// <summary>The tokens that the first Qwen puts behind the ranks of its file, which do not name them.</summary>
    private static readonly string[] FirstQwenTokens = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", .. Enumerable.Range(0, 205).Select(i => $"<|extra_{i}|>")];

    /// <summary>Reads all files that belong to a folder's tokenizer.</summary>
    public static TokenizerParts Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder \"{folder}\".");
        }

        var settings = SettingsReader.Read(folder);
        var parts = ReadMain(folder, settings);
        parts = AddTokens(parts with { Settings = settings.Over(parts.Settings) }, settings);
        return BosAndEos.Apply(parts, folder);
    }

    /// <summary>Reads a file, unpacking <c>.gz</c>.</summary>
    public static byte[] ReadBytes(string path)
    {
        if (!path.EndsWith(".gz", StringComparison.Ordinal))
        {
            return File.ReadAllBytes(path);
        }

        try
        {
            using var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            using var memory = new MemoryStream();
            packed.CopyTo(memory);
            return memory.ToArray();
        }
        catch (InvalidDataException error)
        {
            throw new TokenizerFormatException(path, "gzip", error.Message, error);
        }
    }

    private static TokenizerParts ReadMain(string folder, TokenizerSettings settings)
    {
        foreach (var name in (ReadOnlySpan<string>)["tokenizer.json", "tokenizer.json.gz"])
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                return TokenizerJson.Read(ReadBytes(path), path);
            }
        }

        var (vocab, merges, text) = (Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt"), Path.Combine(folder, "vocab.txt"));
        if (File.Exists(vocab) && File.Exists(merges))
        {
            return VocabAndMerges.Read(vocab, merges, settings);
        }

        if (File.Exists(text))
        {
            return BertVocabulary.Read(text, settings);
        }

        foreach (var name in (ReadOnlySpan<string>)["tokenizer.model", "spiece.model"])
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                return ReadSentencePiece(path, settings);
            }
        }

        var ranks = Path.Combine(folder, "qwen.tiktoken");
        return File.Exists(ranks)
            ? TiktokenRanks.Read(File.ReadAllBytes(ranks), ranks, "qwen2", FirstQwenTokens)
            : throw new TokenizerFormatException(folder, "folder", "no tokenizer here. Looked for tokenizer.json, tokenizer.json.gz, vocab.json with merges.txt, vocab.txt, tokenizer.model, spiece.model and qwen.tiktoken.");
    }

    // The class and its legacy flag say what the SentencePiece file does not: where spaces and BOS go.
    private static TokenizerParts ReadSentencePiece(string path, TokenizerSettings settings)
    {
        var (style, extraIds) = settings.TokenizerClass?.Replace("Fast", "", StringComparison.Ordinal) switch
        {
            "LlamaTokenizer" or "CodeLlamaTokenizer" => (settings.Legacy ? SentencePieceStyle.LlamaLegacy : SentencePieceStyle.Llama, 0),
            "GemmaTokenizer" => (SentencePieceStyle.Gemma, 0),
            "T5Tokenizer" => (SentencePieceStyle.T5, settings.ExtraIds),
            var name => throw new TokenizerFormatException(path, "tokenizer_class", $"is {name ?? "missing"}, so where spaces and BOS go is not known (known: LlamaTokenizer, CodeLlamaTokenizer, GemmaTokenizer, T5Tokenizer); call Tokenizer.FromSentencePiece with a style, or FromTiktoken for a file of ranks."),
        };
        return new SentencePieceTokenizer(SentencePieceModel.Read(File.ReadAllBytes(path), path), style, extraIds).Build();
    }

    // A token that the tokenizer does not have is added at its id; one that it has keeps the flags it has there.
    private static TokenizerParts AddTokens(TokenizerParts parts, TokenizerSettings settings)
    {
        var known = parts.AddedTokens.ToDictionary(token => token.Content, token => token.Id);
        var missing = new List<AddedToken>();
        foreach (var token in settings.AddedTokens)
        {
            if (!known.TryGetValue(token.Content, out var id))
            {
                known[token.Content] = token.Id;
                missing.Add(token);
            }
            else if (id != token.Id)
            {
                throw new TokenizerFormatException(parts.Source, "added_tokens", $"the files beside the tokenizer give \"{token.Content}\" the id {token.Id}, the tokenizer gives it {id}. Keep one of the two.");
            }
        }

        return missing.Count == 0 ? parts : parts with { AddedTokens = [.. parts.AddedTokens, .. missing.OrderBy(token => token.Id)] };
    }
}
