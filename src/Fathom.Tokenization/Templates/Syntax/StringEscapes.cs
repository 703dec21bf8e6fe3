using System.Globalization;
using System.Text;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Syntax;

/// <summary>Escapes inside a quoted text, as in Python; an unknown one stays as it is.</summary>
internal static class StringEscapes
{
    /// <summary>Resolves the escapes.</summary>
    public static string Decode(string text, int offset, SyntaxErrors errors)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }
        StringBuilder builder = new(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                builder.Append(text[i]);
                continue;
            }
            var c = text[++i];
            switch (c)
            {
                case '\n':
                    break;
                case '\\' or '\'' or '"':
                    builder.Append(c);
                    break;
                case 'x' or 'u' or 'U':
                    i = Hex(builder, text, i, c == 'x' ? 2 : c == 'u' ? 4 : 8, offset, errors);
                    break;
                case >= '0' and <= '7':
                    i = Octal(builder, text, i);
                    break;
                case 'N':
                    throw errors.At(offset + i - 1, "a character by name ('\\N{...}') is not supported", "Write the character itself, or '\\uXXXX'.", ChatTemplateFault.Unsupported);
                default:
                    var at = "nrtabfv".IndexOf(c, StringComparison.Ordinal);
                    _ = at < 0 ? builder.Append('\\').Append(c) : builder.Append("\n\r\t\a\b\f\v"[at]);
                    break;
            }
        }
        return builder.ToString();
    }

    private static int Hex(StringBuilder builder, string text, int i, int digits, int offset, SyntaxErrors errors)
    {
        if (i + digits > text.Length - 1 || !text.AsSpan(i + 1, digits).ContainsOnlyHex()
            || int.Parse(text.AsSpan(i + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) is not (>= 0 and <= 0x10FFFF and var c))
        {
            throw errors.At(offset + i - 1, $"'\\{text[i]}' must be followed by {digits} hexadecimal digits of a character");
        }
        CodePoints.Append(builder, c);
        return i + digits;
    }

    private static int Octal(StringBuilder builder, string text, int i)
    {
        var value = 0;
        var end = i;
        for (; end < text.Length && end < i + 3 && text[end] is >= '0' and <= '7'; end++)
        {
            value = (8 * value) + (text[end] - '0');
        }
        builder.Append((char)value);
        return end - 1;
    }

    private static bool ContainsOnlyHex(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
        }
        return true;
    }
}
