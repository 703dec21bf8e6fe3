using System.Globalization;
using System.Text;

namespace Fathom.Plots;

/// <summary>How wide a character is, as terminals and East Asian typography count.</summary>
internal static class CharWidth
{
    public static bool IsZero(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;

    public static bool IsWide(Rune rune) => rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0x303E) or (>= 0x3041 and <= 0xA4CF) or (>= 0xA960 and <= 0xA97F)
        or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF01 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6)
        or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);

    /// <summary>Columns of a terminal.</summary>
    public static int Of(string text) => text.EnumerateRunes().Sum(r => IsZero(r) ? 0 : IsWide(r) ? 2 : 1);

    /// <summary>The text, cut or padded to exactly so many columns.</summary>
    public static string Fit(string text, int columns, bool right = false)
    {
        var width = Of(text);
        if (width > columns)
        {
            var kept = "";
            foreach (var rune in text.EnumerateRunes())
            {
                if (Of(kept) + Of(rune.ToString()) > columns - 1)
                {
                    break;
                }

                kept += rune.ToString();
            }

            text = columns < 1 ? "" : kept + "…";
            width = Of(text);
        }

        var padding = new string(' ', Math.Max(0, columns - width));
        return right ? padding + text : text + padding;
    }
}
