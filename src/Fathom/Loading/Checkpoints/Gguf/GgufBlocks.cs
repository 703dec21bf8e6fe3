using System.Buffers.Binary;

namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>Turns blocks of 32 values into fp32. Products are rounded in fp32 in the order written.</summary>
/// <remarks>Source: the block layouts of ggml, https://github.com/ggml-org/ggml; low nibbles are the first half of a block, not its even values.</remarks>
internal static class GgufBlocks
{
    /// <summary>The 16 values of the non-linear 4-bit types.</summary>
    private static readonly float[] NonLinear = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>Twice the 16 values of a 4-bit float with two exponent bits.</summary>
    private static readonly float[] DoubledFloat4 = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    /// <summary>Decodes whole blocks.</summary>
    /// <param name="type">A block type.</param>
    /// <param name="blocks">The blocks, one after another.</param>
    /// <param name="values">As many values as the blocks hold.</param>
    public static void Dequantize(StoredType type, ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int bytes = type.BlockBits / 8, elements = type.BlockElements;
        for (; !values.IsEmpty; blocks = blocks[bytes..], values = values[elements..])
        {
            Decode(type, blocks[..bytes], values[..elements]);
        }
    }

    /// <summary>The half at a byte position, as fp32.</summary>
    internal static float Half(ReadOnlySpan<byte> block, int at) => (float)BinaryPrimitives.ReadHalfLittleEndian(block[at..]);

    private static void Decode(StoredType type, ReadOnlySpan<byte> b, Span<float> v)
    {
        switch (type)
        {
            case StoredType.Q4Block0:
                FourBits(b[2..], Half(b, 0), v);
                break;
            case StoredType.Q4Block1:
                FourBits(b[4..], Half(b, 0), Half(b, 2), v);
                break;
            case StoredType.Q5Block0:
                FiveBits(b[6..], BinaryPrimitives.ReadUInt32LittleEndian(b[2..]), Half(b, 0), v);
                break;
            case StoredType.Q5Block1:
                FiveBits(b[8..], BinaryPrimitives.ReadUInt32LittleEndian(b[4..]), Half(b, 0), Half(b, 2), v);
                break;
            case StoredType.Q8Block0:
                var d = Half(b, 0);
                for (var j = 0; j < 32; j++)
                {
                    v[j] = (sbyte)b[2 + j] * d;
                }

                break;
            case StoredType.IQ4NL:
                Table(b[2..18], Half(b, 0), NonLinear, v);
                break;
            case StoredType.MXFP4:
                Table(b[1..17], PowerOfTwo(b[0]), DoubledFloat4, v);
                break;
            case StoredType.IQ4XS:
                NonLinearGroups(b, v);
                break;
            default:
                GgufKBlocks.Decode(type, b, v);
                break;
        }
    }

    private static void FourBits(ReadOnlySpan<byte> q, float d, Span<float> v)
    {
        for (var j = 0; j < 16; j++)
        {
            v[j] = d * ((q[j] & 15) - 8);
            v[j + 16] = d * ((q[j] >> 4) - 8);
        }
    }

    private static void FourBits(ReadOnlySpan<byte> q, float d, float m, Span<float> v)
    {
        for (var j = 0; j < 16; j++)
        {
            v[j] = (d * (q[j] & 15)) + m;
            v[j + 16] = (d * (q[j] >> 4)) + m;
        }
    }

    private static void FiveBits(ReadOnlySpan<byte> q, uint high, float d, Span<float> v)
    {
        for (var j = 0; j < 16; j++)
        {
            v[j] = d * (((q[j] & 15) | (int)((high >> j) & 1) << 4) - 16);
            v[j + 16] = d * (((q[j] >> 4) | (int)((high >> (j + 16)) & 1) << 4) - 16);
        }
    }

    private static void FiveBits(ReadOnlySpan<byte> q, uint high, float d, float m, Span<float> v)
    {
        for (var j = 0; j < 16; j++)
        {
            v[j] = (d * ((q[j] & 15) | (int)((high >> j) & 1) << 4)) + m;
            v[j + 16] = (d * ((q[j] >> 4) | (int)((high >> (j + 16)) & 1) << 4)) + m;
        }
    }

    private static void Table(ReadOnlySpan<byte> q, float d, float[] table, Span<float> v)
    {
        for (var j = 0; j < 16; j++)
        {
            v[j] = d * table[q[j] & 15];
            v[j + 16] = d * table[q[j] >> 4];
        }
    }

    private static void NonLinearGroups(ReadOnlySpan<byte> b, Span<float> v)
    {
        var d = Half(b, 0);
        int high = BinaryPrimitives.ReadUInt16LittleEndian(b[2..]);
        for (var g = 0; g < 8; g++)
        {
            var scale = ((b[4 + (g / 2)] >> (4 * (g % 2))) & 15) | (((high >> (2 * g)) & 3) << 4);
            Table(b.Slice(8 + (16 * g), 16), d * (scale - 32), NonLinear, v.Slice(32 * g, 32));
        }
    }

    /// <summary>Half of 2^(e - 127), because the table of 4-bit floats is doubled; codes 0 and 1 are subnormal.</summary>
    private static float PowerOfTwo(byte e) => BitConverter.UInt32BitsToSingle(e < 2 ? 0x00200000u << e : (uint)(e - 1) << 23);
}
