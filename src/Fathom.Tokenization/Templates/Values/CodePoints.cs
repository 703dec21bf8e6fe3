using System.Text;
using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>Text as Python sees it: a sequence of code points. A lone surrogate counts as one.</summary>
internal static class CodePoints
{
    /// <summary>Whether every UTF-16 unit is a code point of its own.</summary>
    public static bool AreUnits(string text) => !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');

    /// <summary>How many code points.</summary>
    public static int Count(Rendering run, string text)
    {
        run.Scan(text.Length);
        var count = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i]))
            {
                count--;
                i++;
            }
        }
        return count;
    }

    /// <summary>The offset in UTF-16 units of a code point; <paramref name="index"/> may be the count itself.</summary>
    public static int OffsetOf(Rendering run, string text, int index)
    {
        if (AreUnits(text))
        {
            run.Scan(text.Length);
            return Math.Min(index, text.Length);
        }
        run.Scan(text.Length);
        var offset = 0;
        for (; index > 0 && offset < text.Length; index--)
        {
            offset += char.IsSurrogatePair(text, offset) ? 2 : 1;
        }
        return offset;
    }

    /// <summary>The code points, one string each.</summary>
    public static object?[] Split(Rendering run, string text)
    {
        run.ChargeItems(text.Length);
        List<object?> items = new(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var pair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            items.Add(text.Substring(i, pair ? 2 : 1));
            i += pair ? 1 : 0;
        }
        return [.. items];
    }

    /// <summary>The code points as numbers.</summary>
    public static IEnumerable<int> Enumerate(string text, int start = 0)
    {
        for (var i = start; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                yield return char.ConvertToUtf32(text[i], text[i + 1]);
                i++;
            }
            else
            {
                yield return text[i];
            }
        }
    }

    /// <summary>Appends a code point, lone surrogates included.</summary>
    public static void Append(StringBuilder builder, int codePoint)
    {
        if (codePoint > 0xFFFF)
        {
            builder.Append(char.ConvertFromUtf32(codePoint));
        }
        else
        {
            builder.Append((char)codePoint);
        }
    }

    /// <summary>Order by code point, which differs from order by UTF-16 unit above U+FFFF.</summary>
    public static int Compare(string a, string b)
    {
        var common = a.AsSpan().CommonPrefixLength(b);
        if (common == a.Length || common == b.Length)
        {
            return a.Length.CompareTo(b.Length);
        }
        var (x, y) = (a[common], b[common]);
        return char.IsSurrogate(x) == char.IsSurrogate(y) ? x.CompareTo(y) : (Rank(a, common), x).CompareTo((Rank(b, common), y));
    }

    private static int Rank(string text, int at) =>
        char.IsSurrogate(text[at])
        && ((at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1])) || (at > 0 && char.IsSurrogatePair(text[at - 1], text[at]))) ? 1 : 0;
}
