using System.Globalization;
using System.Runtime.CompilerServices;

namespace Fathom.Tokenization.Unicode;

/// <summary>A lookup of <see cref="LetterClass"/> for every scalar.</summary>
internal static class LetterClasses
{
    private static readonly byte[] Bmp = Build();

    /// <summary>The class of the character at <paramref name="index"/>, and how many UTF-16 units it has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LetterClass At(ReadOnlySpan<char> text, int index, out int units)
    {
        var c = text[index];
        units = 1;
        return (c & 0xF800) != 0xD800 ? (LetterClass)Bmp[c] : Astral(text, index, out units);
    }

    /// <summary>The class of a UTF-16 unit that is no surrogate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LetterClass Of(char c) => (LetterClass)Bmp[c];

    private static LetterClass Astral(ReadOnlySpan<char> text, int index, out int units)
    {
        if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
        {
            units = 2;
            return Of(char.ConvertToUtf32(text[index], text[index + 1]));
        }

        units = 1;
        return LetterClass.Other;
    }

    private static LetterClass Of(int scalar) => CharUnicodeInfo.GetUnicodeCategory(scalar) switch
    {
        <= UnicodeCategory.OtherLetter => LetterClass.Letter,
        >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber => LetterClass.Number,
        _ => LetterClass.Other,
    };

    private static byte[] Build()
    {
        var table = new byte[0x10000];
        for (var c = 0; c < table.Length; c++)
        {
            table[c] = (byte)(IsSpace(c) ? LetterClass.Space : Of(c));
        }

        return table;
    }

    private static bool IsSpace(int c) => c is (>= 9 and <= 13) or 0x20 or 0x85 or 0xA0 or 0x1680 or (>= 0x2000 and <= 0x200A)
        or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x3000;
}
