using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>
/// Scans <c>(?i:'s|...)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,k}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>, which many vocabularies share.
/// </summary>
internal static class ModernScan
{
    /// <summary>Where the piece ends.</summary>
    /// <param name="text">The segment.</param>
    /// <param name="start">Where the piece begins.</param>
    /// <param name="digits">How many numbers a piece may have, <c>k</c>.</param>
    public static int Next(ReadOnlySpan<char> text, int start, int digits)
    {
        ref var table = ref LetterClasses.Table;
        var c = text[start];
        var kind = LetterClasses.At(ref table, text, start, out var units);
        var next = start + units;
        if (kind == LetterClass.Letter)
        {
            return LetterClasses.Run(ref table, text, next, LetterClass.Letter);
        }

        if (kind == LetterClass.Number)
        {
            for (var count = 1; count < digits && next < text.Length && LetterClasses.At(ref table, text, next, out units) == LetterClass.Number; count++)
            {
                next += units;
            }

            return next;
        }

        if (c == '\'' && ContractionScan.AnyCase(text[next..]) is > 0 and var contraction)
        {
            return next + contraction;
        }

        var after = LetterClass.Space;
        if (next < text.Length)
        {
            after = LetterClasses.At(ref table, text, next, out units);
            if (after == LetterClass.Letter && c is not ('\r' or '\n'))
            {
                return LetterClasses.Run(ref table, text, next + units, LetterClass.Letter);
            }
        }

        if (kind == LetterClass.Other)
        {
            return LineEnds(text, LetterClasses.Run(ref table, text, next, LetterClass.Other));
        }

        return c == ' ' && next < text.Length && after == LetterClass.Other
            ? LineEnds(text, LetterClasses.Run(ref table, text, next + units, LetterClass.Other))
            : Spaces(text, start);
    }

    /// <summary>The end of a piece of white space: the last line end of the run if it has one; else all of it, less the last one if something follows.</summary>
    public static int Spaces(ReadOnlySpan<char> text, int start)
    {
        ref var table = ref LetterClasses.Table;
        var lineEnd = -1;
        var end = start;
        for (; end < text.Length && LetterClasses.Of(ref table, text[end]) == LetterClass.Space; end++)
        {
            if (text[end] is '\r' or '\n')
            {
                lineEnd = end + 1;
            }
        }

        return lineEnd > 0 ? lineEnd : end == text.Length || end == start + 1 ? end : end - 1;
    }

    private static int LineEnds(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && text[at] is '\r' or '\n')
        {
            at++;
        }

        return at;
    }
}
