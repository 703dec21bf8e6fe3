using System.Globalization;
using System.Text;

namespace Fathom.Hub;

/// <summary>Writes text from elsewhere into a message, so that it cannot steer a terminal.</summary>
internal static class Quoted
{
    /// <summary><paramref name="text"/> in quotes, cut at 120 characters; control, format and bidirectional characters as <c>\u001B</c>.</summary>
    public static string Text(string text) => $"'{Plain(text, 120)}'";

    /// <summary>As <see cref="Text"/>, without the quotes.</summary>
    public static string Plain(string text, int limit)
    {
        var plain = new StringBuilder();
        foreach (var c in text.Length > limit ? text[..limit] + "…" : text)
        {
            var steers = CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
            plain.Append(steers ? $"\\u{(int)c:X4}" : c.ToString());
        }

        return plain.ToString();
    }
}
