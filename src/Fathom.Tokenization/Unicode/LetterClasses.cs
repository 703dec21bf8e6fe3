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

    // Texts are well-formed here, so two units always make one scalar.
    private static LetterClass Astral(ReadOnlySpan<char> text, int index, out int units)
    {
        units = 2;
        return Of(char.ConvertToUtf32(text[index], text[index + 1]));
    }

    private static LetterClass Of(int scalar) => UnicodeData.IsSpace(scalar) ? LetterClass.Space : (UnicodeCategory)UnicodeData.Category[scalar] switch
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
            table[c] = (byte)Of(c);
        }

        return table;
    }
}
