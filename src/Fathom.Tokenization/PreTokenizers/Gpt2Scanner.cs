using System.Runtime.CompilerServices;
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
        var kind = LetterClasses.At(text, start, out var units);
        if (kind == LetterClass.Space)
        {
            if (text[start] != ' ' || start + 1 == text.Length)
            {
                return SpaceRun(text, start);
            }

            kind = LetterClasses.At(text, start + 1, out units);
            return kind == LetterClass.Space ? SpaceRun(text, start) : Run(text, start + 1 + units, kind);
        }

        if (text[start] == '\'' && ContractionScan.Exact(text[(start + 1)..]) is > 0 and var length)
        {
            return start + 1 + length;
        }

        return Run(text, start + units, kind);
    }

    /// <summary>The end of the run of one class that goes on at <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Run(ReadOnlySpan<char> text, int at, LetterClass kind)
    {
        while (at < text.Length && LetterClasses.At(text, at, out var units) == kind)
        {
            at += units;
        }

        return at;
    }

    /// <summary>The end of the piece of white space that begins at <paramref name="start"/>: all of it, less the last one if something follows.</summary>
    internal static int SpaceRun(ReadOnlySpan<char> text, int start)
    {
        var end = start + 1;
        while (end < text.Length && LetterClasses.Of(text[end]) == LetterClass.Space)
        {
            end++;
        }

        return end == text.Length || end == start + 1 ? end : end - 1;
    }
}
