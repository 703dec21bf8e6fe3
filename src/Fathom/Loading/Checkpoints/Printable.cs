using System.Globalization;
using System.Text;

namespace Fathom.Loading.Checkpoints;

/// <summary>Text out of an untrusted file, made safe to show on one line: no control, bidirectional or invisible characters.</summary>
internal static class Printable
{
    private const int Longest = 2_000;

    /// <summary>The text with every unprintable character escaped and a huge text cut.</summary>
    public static string Escape(string text)
    {
        StringBuilder result = new();
        foreach (var rune in (text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "...")).EnumerateRunes())
        {
            var hidden = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
            result.Append(hidden ? $"\\u{{{rune.Value:X4}}}" : rune.ToString());
        }

        return result.ToString();
    }
}
