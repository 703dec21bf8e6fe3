using Fathom.Tokenization.Patterns;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Cuts a piece at delimiters.</summary>
internal static class Cutting
{
    /// <summary>Appends the parts of a piece.</summary>
    /// <param name="text">The piece.</param>
    /// <param name="parts">Delimiters and what lies between, covering the piece.</param>
    /// <param name="behavior">What becomes of the delimiters.</param>
    /// <param name="output">Receives the parts.</param>
    public static void Apply(TextPiece text, List<Pattern.Match> parts, SplitBehavior behavior, List<TextPiece> output)
    {
        switch (behavior)
        {
            case SplitBehavior.Removed:
                parts = parts.FindAll(part => !part.IsMatch);
                break;
            case SplitBehavior.Contiguous:
                parts = Join(parts, (isMatch, before) => isMatch == before);
                break;
            case SplitBehavior.MergedWithPrevious:
                parts = Join(parts, (isMatch, before) => isMatch && !before);
                break;
            case SplitBehavior.MergedWithNext:
                parts.Reverse();
                parts = Join(parts, (isMatch, before) => isMatch && !before);
                parts.Reverse();
                break;
        }

        foreach (var part in parts)
        {
            if (part.End > part.Start)
            {
                output.Add(text.Slice(part.Start, part.End));
            }
        }
    }

    /// <summary>Delimiters of one character, and what lies between.</summary>
    public static List<Pattern.Match> At(ReadOnlySpan<int> text, Func<int, bool> isDelimiter)
    {
        List<Pattern.Match> parts = [];
        var done = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!isDelimiter(text[i]))
            {
                continue;
            }

            if (done < i)
            {
                parts.Add(new Pattern.Match(done, i, false));
            }

            parts.Add(new Pattern.Match(i, i + 1, true));
            done = i + 1;
        }

        if (done < text.Length)
        {
            parts.Add(new Pattern.Match(done, text.Length, false));
        }

        return parts;
    }

    private static List<Pattern.Match> Join(List<Pattern.Match> parts, Func<bool, bool, bool> joins)
    {
        List<Pattern.Match> joined = [];
        var before = false;
        foreach (var part in parts)
        {
            if (joins(part.IsMatch, before) && joined.Count > 0)
            {
                var last = joined[^1];
                joined[^1] = last with { Start = Math.Min(last.Start, part.Start), End = Math.Max(last.End, part.End) };
            }
            else
            {
                joined.Add(part);
            }

            before = part.IsMatch;
        }

        return joined;
    }
}
