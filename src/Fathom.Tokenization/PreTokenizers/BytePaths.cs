using Fathom.Tokenization.Files;
using Fathom.Tokenization.Models;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Chooses the fast path for a tokenizer, if it has one.</summary>
internal static class BytePaths
{
    /// <summary>The path, or <see langword="null"/> where only the general pipeline is exact.</summary>
    public static BytePath? For(TokenizerParts parts)
    {
        if (parts.Model is not BpeModel model || ByteWordEncoder.For(model) is not { } words)
        {
            return null;
        }

        return parts.PreTokenizer switch
        {
            ByteLevelPreTokenizer { AddPrefixSpace: false, UseRegex: true } => new ScannedBytePath<Gpt2Scanner>(words),
            SequencePreTokenizer { Steps: [DigitsPreTokenizer { Individual: true }, ByteLevelPreTokenizer { AddPrefixSpace: false, UseRegex: true }] } => new ScannedBytePath<DigitsGpt2Scanner>(words),
            SequencePreTokenizer { Steps: [SplitPreTokenizer split, ByteLevelPreTokenizer { AddPrefixSpace: false, UseRegex: false }] } => ForSplit(split, words),
            _ => null,
        };
    }

    private static BytePath? ForSplit(SplitPreTokenizer split, ByteWordEncoder words)
    {
        // Every character lies in a match of these patterns, so what is removed when inverted is nothing.
        var keepsAll = split is { Behavior: SplitBehavior.Isolated } or { Behavior: SplitBehavior.Removed, Invert: true };
        return !keepsAll ? null : split.Pattern.Text switch
        {
            Gpt2Scanner.Pattern => new ScannedBytePath<Gpt2Scanner>(words),
            Llama3Scanner.Pattern => new ScannedBytePath<Llama3Scanner>(words),
            Qwen2Scanner.Pattern => new ScannedBytePath<Qwen2Scanner>(words),
            CasedScanner.Pattern => new ScannedBytePath<CasedScanner>(words),
            _ => null,
        };
    }
}
