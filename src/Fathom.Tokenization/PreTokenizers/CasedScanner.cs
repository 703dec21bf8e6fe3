using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Scans GPT-4o's pattern (o200k), which also cuts words where a capital follows a small letter.</summary>
internal readonly struct CasedScanner : IPieceScanner
{
    /// <summary>The pattern.</summary>
    public const string Pattern = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <inheritdoc/>
    public static int Next(ReadOnlySpan<char> text, int start)
    {
        var kind = LetterClasses.At(ref LetterClasses.Table, text, start, out var units);
        if (kind == LetterClass.Number || text[start] is '\r' or '\n')
        {
            return ModernScan.Next(text, start, digits: 3);
        }

        var next = start + units;
        var (afterPrefix, allCapitals) = kind == LetterClass.Letter ? (-1, -1) : Word(text, next);
        var end = afterPrefix;
        if (end < 0)
        {
            // Without a prefix; only a mark can be both.
            (end, var alone) = Word(text, start);
            end = end >= 0 ? end : allCapitals >= 0 ? allCapitals : alone;
        }

        if (end >= 0)
        {
            return end < text.Length && text[end] == '\'' && ContractionScan.AnyCase(text[(end + 1)..]) is > 0 and var length ? end + 1 + length : end;
        }

        return kind == LetterClass.Other ? Symbols(text, next)
            : text[start] == ' ' && next < text.Length && LetterClasses.At(ref LetterClasses.Table, text, next, out units) == LetterClass.Other ? Symbols(text, next + units)
            : ModernScan.Spaces(text, start);
    }

    // Capitals and then at least one small letter; and, for when there is none, capitals alone. -1 for no match.
    private static (int End, int Capitals) Word(ReadOnlySpan<char> text, int start)
    {
        var at = start;
        var lastSmall = -1;
        while (at < text.Length && CaseClasses.At(text, at, out var units) is var parts && (parts & CaseClasses.Capital) != 0)
        {
            at += units;
            lastSmall = (parts & CaseClasses.Small) != 0 ? at : lastSmall;
        }

        var capitals = at > start ? at : -1;
        var end = at;
        while (end < text.Length && (CaseClasses.At(text, end, out var units) & CaseClasses.Small) != 0)
        {
            end += units;
        }

        // No small letter follows: the last capital that could be small gives itself up for it.
        return (end > at ? end : lastSmall, capitals);
    }

    private static int Symbols(ReadOnlySpan<char> text, int at)
    {
        at = LetterClasses.Run(ref LetterClasses.Table, text, at, LetterClass.Other);
        while (at < text.Length && text[at] is '\r' or '\n' or '/')
        {
            at++;
        }

        return at;
    }
}
