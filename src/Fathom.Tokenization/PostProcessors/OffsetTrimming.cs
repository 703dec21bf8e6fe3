using System.Text;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PostProcessors;

/// <summary>Takes white space at both ends of tokens out of what they cover.</summary>
internal static class OffsetTrimming
{
    /// <summary>Trims every token of a row and of its overflow.</summary>
    /// <param name="row">The tokens.</param>
    /// <param name="addPrefixSpace">Whether a space was put before the text, which covers nothing.</param>
    /// <param name="spelling">A token's text.</param>
    public static void Apply(TokenRow row, bool addPrefixSpace, Func<TokenEntry, string> spelling)
    {
        for (var i = 0; i < row.Tokens.Count; i++)
        {
            row.Tokens[i] = Trim(row.Tokens[i], spelling(row.Tokens[i]), addPrefixSpace, first: i == 0);
        }

        foreach (var part in row.Overflow)
        {
            Apply(part, addPrefixSpace, spelling);
        }
    }

    private static TokenEntry Trim(TokenEntry token, string text, bool addPrefixSpace, bool first)
    {
        var leading = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsSpace(rune))
            {
                break;
            }

            leading++;
        }

        var trailing = 0;
        for (var at = text.Length; at > 0;)
        {
            Rune.DecodeLastFromUtf16(text.AsSpan(0, at), out var rune, out var units);
            if (!IsSpace(rune))
            {
                break;
            }

            trailing++;
            at -= units;
        }

        var (start, end) = (token.Start, token.End);
        if (leading > 0)
        {
            // One space may be the one that was put there; more than one were all in the text.
            if ((first || start == 0) && addPrefixSpace && leading == 1)
            {
                leading = 0;
            }

            start = Math.Min(start + leading, end);
        }

        if (trailing > 0 && end >= trailing)
        {
            end = Math.Max(end - trailing, start);
        }

        return token with { Start = start, End = end };
    }

    private static bool IsSpace(Rune rune) => rune.Value == ByteAlphabet.ToChar((byte)' ') || Rune.IsWhiteSpace(rune);
}
