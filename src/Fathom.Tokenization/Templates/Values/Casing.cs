using System.Globalization;
using System.Text;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>Upper, lower and title case as Python does it, the same on every platform.</summary>
internal static class Casing
{
    private static readonly Dictionary<int, string> UpperMap = Expand(CaseTables.Upper, CaseTables.UpperSpecials);
    private static readonly Dictionary<int, string> LowerMap = Expand(CaseTables.Lower, CaseTables.LowerSpecials);
    private static readonly Dictionary<int, string> TitleMap = Expand(CaseTables.Title, CaseTables.TitleSpecials);

    // Characters that a final sigma looks past, other than those that are so by category.
    private const string MidWord = "'.:\u00B7\u0387\u055F\u05F4\u2018\u2019\u2024\u2027\uFE13\uFE52\uFE55\uFF07\uFF0E\uFF1A";

    /// <summary><c>str.upper</c>.</summary>
    public static string Upper(string text) => Map(text, static (_, _, c) => ToUpper(c));

    /// <summary><c>str.lower</c>: a capital sigma at the end of a word becomes the final one.</summary>
    public static string Lower(string text) => Map(text, ToLower);

    /// <summary><c>str.title</c>: the first cased character of each run of cased characters.</summary>
    public static string Title(string text)
    {
        var inWord = false;
        return Map(text, (all, at, c) =>
        {
            var mapped = inWord ? ToLower(all, at, c) : ToTitle(c);
            inWord = IsCased(c);
            return mapped;
        });
    }

    /// <summary><c>str.capitalize</c>.</summary>
    public static string Capitalize(string text) => Map(text, static (all, at, c) => at == 0 ? ToTitle(c) : ToLower(all, at, c));

    /// <summary><c>str.swapcase</c>.</summary>
    public static string Swap(string text) => Map(text, static (all, at, c) => IsUpper(c) ? ToLower(all, at, c) : IsLower(c) ? ToUpper(c) : null);

    /// <summary>Whether a code point is upper case.</summary>
    public static bool IsUpper(int c) => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.UppercaseLetter || In(CaseTables.OtherUpper, c);

    /// <summary>Whether a code point is lower case.</summary>
    public static bool IsLower(int c) => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.LowercaseLetter || In(CaseTables.OtherLower, c);

    /// <summary>Whether a code point is title case.</summary>
    public static bool IsTitle(int c) => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.TitlecaseLetter;

    /// <summary>Whether a code point has case.</summary>
    public static bool IsCased(int c) => IsUpper(c) || IsLower(c) || IsTitle(c);

    private static string? ToUpper(int c) => UpperMap.GetValueOrDefault(c);

    private static string? ToTitle(int c) => TitleMap.TryGetValue(c, out var mapped) ? mapped : ToUpper(c);

    private static string? ToLower(string text, int at, int c) => c == 'Σ' ? (IsFinal(text, at) ? "ς" : "σ") : LowerMap.GetValueOrDefault(c);

    private static bool IsFinal(string text, int at)
    {
        var before = at - 1;
        while (before >= 0 && IsIgnorable(CodePointBefore(text, before)))
        {
            before -= before > 0 && char.IsSurrogatePair(text[before - 1], text[before]) ? 2 : 1;
        }
        if (before < 0 || !IsCased(CodePointBefore(text, before)))
        {
            return false;
        }
        foreach (var c in CodePoints.Enumerate(text, at + 1))
        {
            if (!IsIgnorable(c))
            {
                return !IsCased(c);
            }
        }
        return true;
    }

    private static int CodePointBefore(string text, int last) =>
        last > 0 && char.IsSurrogatePair(text[last - 1], text[last]) ? char.ConvertToUtf32(text[last - 1], text[last]) : text[last];

    private static bool IsIgnorable(int c) => (c < 0x10000 && MidWord.Contains((char)c, StringComparison.Ordinal))
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;

    private static string Map(string text, Func<string, int, int, string?> mapping)
    {
        StringBuilder builder = new(text.Length);
        var at = 0;
        foreach (var c in CodePoints.Enumerate(text))
        {
            if (mapping(text, at, c) is { } mapped)
            {
                builder.Append(mapped);
            }
            else
            {
                CodePoints.Append(builder, c);
            }
            at += c > 0xFFFF ? 2 : 1;
        }
        return builder.ToString();
    }

    /// <summary>Whether a letter means a number, such as 一.</summary>
    public static bool IsNumericLetter(int c) => In(CaseTables.NumericLetters, c);

    private static bool In(ReadOnlySpan<int> runs, int c)
    {
        for (var i = 0; i < runs.Length; i += 2)
        {
            if (c <= runs[i + 1])
            {
                return c >= runs[i];
            }
        }
        return false;
    }

    private static Dictionary<int, string> Expand(ReadOnlySpan<int> ranges, string specials)
    {
        Dictionary<int, string> map = [];
        for (var i = 0; i < ranges.Length; i += 4)
        {
            for (var n = 0; n < ranges[i + 1]; n++)
            {
                var c = ranges[i] + (n * ranges[i + 2]);
                map[c] = char.ConvertFromUtf32(c + ranges[i + 3]);
            }
        }
        foreach (var entry in specials.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            map[entry[0]] = entry[1..];
        }
        return map;
    }
}
