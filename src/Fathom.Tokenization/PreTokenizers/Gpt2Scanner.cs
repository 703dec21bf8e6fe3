using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Scans <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.</summary>
internal readonly struct Gpt2Scanner : IPieceScanner
{
    /// <summary>The pattern.</summary>
    public const string Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <inheritdoc/>
    public static int Next(ReadOnlySpan<char> text, int start)
    {
        ref var table = ref LetterClasses.Table;
        var kind = LetterClasses.At(ref table, text, start, out var units);
        var next = start + units;
        if (kind == LetterClass.Space)
        {
            if (text[start] != ' ' || next == text.Length)
            {
                return Spaces(text, start);
            }

            kind = LetterClasses.At(ref table, text, next, out units);
            return kind == LetterClass.Space ? Spaces(text, start) : LetterClasses.Run(ref table, text, next + units, kind);
        }

        return text[start] == '\'' && ContractionScan.Exact(text[next..]) is > 0 and var length
            ? next + length
            : LetterClasses.Run(ref table, text, next, kind);
    }

    // All of it, less the last one if something follows.
    private static int Spaces(ReadOnlySpan<char> text, int start)
    {
        var end = LetterClasses.Run(ref LetterClasses.Table, text, start, LetterClass.Space);
        return end == text.Length || end == start + 1 ? end : end - 1;
    }
}
