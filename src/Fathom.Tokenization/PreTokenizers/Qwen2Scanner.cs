namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Scans Qwen 2's pattern: every number by itself.</summary>
internal readonly struct Qwen2Scanner : IPieceScanner
{
    /// <summary>The pattern.</summary>
    public const string Pattern = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <inheritdoc/>
    public static int Next(ReadOnlySpan<char> text, int start) => ModernScan.Next(text, start, digits: 1);
}
