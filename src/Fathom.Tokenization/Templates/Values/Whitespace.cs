namespace Fathom.Tokenization.Templates.Values;

/// <summary>Space as Python's <c>str.isspace</c>, <c>strip</c> and regular expressions see it.</summary>
internal static class Whitespace
{
    /// <summary>Whether a UTF-16 unit is space; none is outside the basic plane.</summary>
    public static bool Is(char c) => c is (>= '\t' and <= '\r') or (>= '\x1C' and <= ' ') or '\x85' or '\xA0' or '\u1680'
        or (>= '\u2000' and <= '\u200A') or '\u2028' or '\u2029' or '\u202F' or '\u205F' or '\u3000';

    /// <summary>Whether a UTF-16 unit ends a line for <c>splitlines</c>.</summary>
    public static bool EndsLine(char c) => c is (>= '\n' and <= '\r') or (>= '\x1C' and <= '\x1E') or '\x85' or '\u2028' or '\u2029';

    /// <summary>Without space at either end.</summary>
    public static string Strip(string text) => StripStart(StripEnd(text));

    /// <summary>Without space at the start.</summary>
    public static string StripStart(string text)
    {
        var start = 0;
        while (start < text.Length && Is(text[start]))
        {
            start++;
        }
        return text[start..];
    }

    /// <summary>Without space at the end.</summary>
    public static string StripEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && Is(text[end - 1]))
        {
            end--;
        }
        return text[..end];
    }
}
