using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fathom.Tokenization.Unicode;

/// <summary>A lookup of <see cref="LetterClass"/> for every scalar of well-formed UTF-16.</summary>
internal static class LetterClasses
{
    private static readonly byte[] Bmp = Build(numeric: false);
    private static readonly byte[] BmpNumeric = Build(numeric: true);

    /// <summary>The table that patterns go by; the other members take it or its sibling.</summary>
    public static ref byte Table => ref MemoryMarshal.GetArrayDataReference(Bmp);

    /// <summary>The same with the numbers of the Digits pre-tokenizer, which knows some more.</summary>
    public static ref byte NumericTable => ref MemoryMarshal.GetArrayDataReference(BmpNumeric);

    /// <summary>The class of a UTF-16 unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LetterClass Of(ref byte table, char c) => (LetterClass)Unsafe.Add(ref table, (nuint)c);

    /// <summary>The class of the character at <paramref name="index"/>, and how many UTF-16 units it has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LetterClass At(ref byte table, ReadOnlySpan<char> text, int index, out int units)
    {
        units = 1;
        var kind = Of(ref table, text[index]);
        return kind != LetterClass.Half ? kind : Astral(ref table, text, index, out units);
    }

    /// <summary>The end of the run of one class that goes on at <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Run(ref byte table, ReadOnlySpan<char> text, int at, LetterClass kind)
    {
        while ((uint)at < (uint)text.Length)
        {
            var here = Of(ref table, text[at]);
            if (here == kind)
            {
                at++;
            }
            else if (here == LetterClass.Half && Astral(ref table, text, at, out var units) == kind)
            {
                at += units;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static LetterClass Astral(ref byte table, ReadOnlySpan<char> text, int index, out int units)
    {
        units = 2;
        var scalar = char.ConvertToUtf32(text[index], text[index + 1]);
        return Unsafe.AreSame(ref table, ref NumericTable) && UnicodeData.Numeric.Contains(scalar) ? LetterClass.Number : Of(scalar);
    }

    private static LetterClass Of(int scalar) => UnicodeData.IsSpace(scalar) ? LetterClass.Space : (UnicodeCategory)UnicodeData.Category[scalar] switch
    {
        <= UnicodeCategory.OtherLetter => LetterClass.Letter,
        >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber => LetterClass.Number,
        UnicodeCategory.Surrogate => LetterClass.Half,
        _ => LetterClass.Other,
    };

    private static byte[] Build(bool numeric)
    {
        var table = new byte[0x10000];
        for (var c = 0; c < table.Length; c++)
        {
            table[c] = (byte)(numeric && UnicodeData.Numeric.Contains(c) ? LetterClass.Number : Of(c));
        }

        return table;
    }
}
