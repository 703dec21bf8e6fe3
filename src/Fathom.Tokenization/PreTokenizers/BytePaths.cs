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
            _ => null,
        };
    }
}
