using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Scans GPT-2's pattern between numbers, each number a piece of its own (SmolLM).</summary>
/// <remarks>A number ends the text that the pattern sees, so white space before one is not shortened.</remarks>
internal readonly struct DigitsGpt2Scanner : IPieceScanner
{
    /// <inheritdoc/>
    public static int Next(ReadOnlySpan<char> text, int start)
    {
        ref var table = ref LetterClasses.NumericTable;
        var kind = LetterClasses.At(ref table, text, start, out var units);
        var next = start + units;
        switch (kind)
        {
            case LetterClass.Number:
                return next;
            case LetterClass.Space:
                if (text[start] == ' ' && next < text.Length)
                {
                    var after = LetterClasses.At(ref table, text, next, out units);
                    if (after is LetterClass.Letter or LetterClass.Other)
                    {
                        return LetterClasses.Run(ref table, text, next + units, after);
                    }
                }

                var end = LetterClasses.Run(ref table, text, next, LetterClass.Space);
                return end == text.Length || end == next || LetterClasses.At(ref table, text, end, out _) == LetterClass.Number ? end : end - 1;
            default:
                return text[start] == '\'' && ContractionScan.Exact(text[next..]) is > 0 and var length
                    ? next + length
                    : LetterClasses.Run(ref table, text, next, kind);
        }
    }
}
