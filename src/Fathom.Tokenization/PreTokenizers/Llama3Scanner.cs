namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Scans Llama 3's pattern (also GPT-4's): numbers in threes.</summary>
internal readonly struct Llama3Scanner : IPieceScanner
{
    /// <summary>The pattern.</summary>
    public const string Pattern = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <inheritdoc/>
    public static int Next(ReadOnlySpan<char> text, int start) => ModernScan.Next(text, start, digits: 3);
}
