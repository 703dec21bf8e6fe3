using System.Globalization;
using System.Text;

namespace Fathom.Plots;

/// <summary>Text in which no character is invisible, reorders its neighbours or is illegal in XML.</summary>
internal static class VisibleText
{
    public static string Of(string text)
    {
        if (!NeedsWork(text))
        {
            return text;
        }

        var result = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var pair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            _ = c switch
            {
                '\n' => result.Append('↵'),
                '\r' => result.Append('␍'),
                '\t' => result.Append('⇥'),
                < ' ' or '\u007F' => result.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}"),
                _ when pair => result.Append(c).Append(text[++i]),
                _ when IsHidden(c) => result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => result.Append(c),
            };
        }

        return result.ToString();
    }

    private static bool NeedsWork(string text) => text.Any(c => c < ' ' || c == '\u007F' || char.IsSurrogate(c) || IsHidden(c));

    private static bool IsHidden(char c) => c is '\uFFFE' or '\uFFFF' || char.IsSurrogate(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse;
}
