using System.Globalization;
using System.Runtime.CompilerServices;

namespace Fathom.Tokenization.Unicode;

/// <summary>Which characters can stand in the capital and in the small part of a word: marks and letters without case can in both.</summary>
internal static class CaseClasses
{
    /// <summary><c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]</c>.</summary>
    public const byte Capital = 1;

    /// <summary><c>[\p{Ll}\p{Lm}\p{Lo}\p{M}]</c>.</summary>
    public const byte Small = 2;

    private const byte Half = 4;
    private static readonly byte[] Bmp = Build();

    /// <summary>The parts a character can stand in, and how many UTF-16 units it has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte At(ReadOnlySpan<char> text, int index, out int units)
    {
        units = 1;
        var parts = Bmp[text[index]];
        return parts != Half ? parts : Astral(text, index, out units);
    }

    private static byte Astral(ReadOnlySpan<char> text, int index, out int units)
    {
        units = 2;
        return Of(char.ConvertToUtf32(text[index], text[index + 1]));
    }

    private static byte Of(int scalar) => (UnicodeCategory)UnicodeData.Category[scalar] switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => Capital,
        UnicodeCategory.LowercaseLetter => Small,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => Capital | Small,
        UnicodeCategory.Surrogate => Half,
        _ => 0,
    };

    private static byte[] Build()
    {
        var table = new byte[0x10000];
        for (var c = 0; c < table.Length; c++)
        {
            table[c] = Of(c);
        }

        return table;
    }
}
