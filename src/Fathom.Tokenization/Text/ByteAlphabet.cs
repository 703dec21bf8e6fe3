namespace Fathom.Tokenization.Text;

/// <summary>The printable character that stands for each byte in byte-level vocabularies.</summary>
/// <remarks>Printable Latin-1 bytes stand for themselves, the other 68 take U+0100 upwards in order. Source: Radford et al. 2019.</remarks>
internal static class ByteAlphabet
{
    private static readonly char[] Chars = BuildChars();
    private static readonly short[] Bytes = BuildBytes();

    /// <summary>The character that stands for a byte.</summary>
    public static char ToChar(byte value) => Chars[value];

    /// <summary>The byte that a character stands for, or -1.</summary>
    public static int ToByte(int scalar) => (uint)scalar < (uint)Bytes.Length ? Bytes[scalar] : -1;

    private static char[] BuildChars()
    {
        var chars = new char[256];
        var next = 256;
        for (var b = 0; b < 256; b++)
        {
            var printable = b is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            chars[b] = (char)(printable ? b : next++);
        }

        return chars;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[256 + 68];
        Array.Fill(bytes, (short)-1);
        for (var b = 0; b < 256; b++)
        {
            bytes[Chars[b]] = (short)b;
        }

        return bytes;
    }
}
