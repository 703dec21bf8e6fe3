using System.Globalization;
using System.Text;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>Text in quotes, as Python's <c>repr</c> writes it.</summary>
internal static class TextRepr
{
    /// <summary>The text in quotes.</summary>
    public static string Quote(string text)
    {
        StringBuilder builder = new();
        Append(builder, text);
        return builder.ToString();
    }

    /// <summary>Appends the text in quotes: single ones unless it holds only single ones itself.</summary>
    public static void Append(StringBuilder into, string text)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        into.Append(quote);
        foreach (var c in CodePoints.Enumerate(text))
        {
            switch (c)
            {
                case '\\':
                    into.Append(@"\\");
                    break;
                case '\n':
                    into.Append(@"\n");
                    break;
                case '\r':
                    into.Append(@"\r");
                    break;
                case '\t':
                    into.Append(@"\t");
                    break;
                default:
                    AppendOther(into, c, quote);
                    break;
            }
        }
        into.Append(quote);
    }

    /// <summary>Whether Python writes the code point as itself.</summary>
    public static bool IsPrintable(int codePoint) => codePoint == ' ' || CharUnicodeInfo.GetUnicodeCategory(codePoint) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    private static void AppendOther(StringBuilder into, int c, char quote)
    {
        if (c == quote)
        {
            into.Append('\\').Append(quote);
        }
        else if (IsPrintable(c))
        {
            CodePoints.Append(into, c);
        }
        else
        {
            into.Append(CultureInfo.InvariantCulture, $"{(c <= 0xFF ? $"\\x{c:x2}" : c <= 0xFFFF ? $"\\u{c:x4}" : $"\\U{c:x8}")}");
        }
    }
}
