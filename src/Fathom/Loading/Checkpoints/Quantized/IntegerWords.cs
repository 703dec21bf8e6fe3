using System.Runtime.InteropServices;

namespace Fathom.Loading.Checkpoints.Quantized;

/// <summary>Takes small codes out of 32-bit words, lowest bits first.</summary>
internal static class IntegerWords
{
    /// <summary>Words that stand for several columns: <c>[rows, words]</c> to <c>[rows, words·(32/bits)]</c>.</summary>
    public static byte[] Columns(Tensor words, int bits)
    {
        var values = MemoryMarshal.Cast<byte, uint>(words.bytes);
        int perWord = 32 / bits, mask = (1 << bits) - 1;
        var codes = new byte[checked(values.Length * perWord)];
        for (var i = 0; i < values.Length; i++)
        {
            for (var k = 0; k < perWord; k++)
            {
                codes[(i * perWord) + k] = (byte)((values[i] >> (bits * k)) & mask);
            }
        }

        return codes;
    }

    /// <summary>Words that stand for several rows: <c>[words, columns]</c> to <c>[words·(32/bits), columns]</c>.</summary>
    public static byte[] Rows(Tensor words, int bits)
    {
        var values = MemoryMarshal.Cast<byte, uint>(words.bytes);
        int perWord = 32 / bits, mask = (1 << bits) - 1, columns = (int)words.shape[1];
        var codes = new byte[checked(values.Length * perWord)];
        for (var i = 0; i < values.Length; i++)
        {
            var (row, column) = Math.DivRem(i, columns);
            for (var k = 0; k < perWord; k++)
            {
                codes[(((row * perWord) + k) * columns) + column] = (byte)((values[i] >> (bits * k)) & mask);
            }
        }

        return codes;
    }
}
