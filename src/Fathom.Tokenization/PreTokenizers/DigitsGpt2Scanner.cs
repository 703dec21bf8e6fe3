using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Scans GPT-2's pattern between numbers, each number a piece of its own (SmolLM).</summary>
internal readonly struct DigitsGpt2Scanner : IPieceScanner
{
    /// <inheritdoc/>
    public static int Next(ReadOnlySpan<char> text, int start)
    {
        if (IsNumber(text, start, out var units))
        {
            return start + units;
        }

        // GPT-2's pattern would take a number only after a space or at the beginning of a run, and sees the end of the text before it.
        var end = Gpt2Scanner.Next(text, start);
        for (var at = start; at < end; at += units)
        {
            if (IsNumber(text, at, out units))
            {
                return Gpt2Scanner.Next(text[..at], start);
            }
        }

        return end < text.Length && end > start && LetterClasses.Of(text[end - 1]) == LetterClass.Space ? AfterSpaces(text, start, end) : end;
    }

    // White space before a number is white space at the end of a segment: nothing of it is left over.
    private static int AfterSpaces(ReadOnlySpan<char> text, int start, int end)
    {
        var at = end;
        while (at < text.Length && LetterClasses.At(text, at, out _) == LetterClass.Space)
        {
            at++;
        }

        return at < text.Length && IsNumber(text, at, out _) ? Gpt2Scanner.Next(text[..at], start) : end;
    }

    private static bool IsNumber(ReadOnlySpan<char> text, int at, out int units)
    {
        units = 1;
        var c = text[at];
        if (c < 0x80)
        {
            return char.IsAsciiDigit(c);
        }

        if (!char.IsHighSurrogate(c))
        {
            return UnicodeData.Numeric.Contains(c);
        }

        units = 2;
        return UnicodeData.Numeric.Contains(char.ConvertToUtf32(c, text[at + 1]));
    }
}
