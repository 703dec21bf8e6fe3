namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>Turns blocks of 256 values in scaled groups into fp32. Products are rounded in fp32 in the order written.</summary>
/// <remarks>Source: the k-quant layouts of ggml, https://github.com/ggml-org/ggml.</remarks>
internal static class GgufKBlocks
{
    /// <summary>Decodes one block.</summary>
    public static void Decode(StoredType type, ReadOnlySpan<byte> b, Span<float> v)
    {
        switch (type)
        {
            case StoredType.Q2K:
                TwoBits(b, v);
                break;
            case StoredType.Q3K:
                ThreeBits(b, v);
                break;
            case StoredType.Q4K:
                FourOrFiveBits(b, default, b[16..], v);
                break;
            case StoredType.Q5K:
                FourOrFiveBits(b, b.Slice(16, 32), b[48..], v);
                break;
            case StoredType.Q6K:
                SixBits(b, v);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "not a block type");
        }
    }

    private static void TwoBits(ReadOnlySpan<byte> b, Span<float> v)
    {
        float d = GgufBlocks.Half(b, 80), m = GgufBlocks.Half(b, 82);
        for (var g = 0; g < 16; g++)
        {
            float scale = d * (b[g] & 15), low = m * (b[g] >> 4);
            var q = TwoBitCodes(b.Slice(16, 64), g);
            var shift = 2 * (g % 8 / 2);
            var values = v.Slice(16 * g, 16);
            for (var j = 0; j < 16; j++)
            {
                values[j] = (scale * ((q[j] >> shift) & 3)) - low;
            }
        }
    }

    private static void ThreeBits(ReadOnlySpan<byte> b, Span<float> v)
    {
        var d = GgufBlocks.Half(b, 108);
        var c = b.Slice(96, 12);
        for (var g = 0; g < 16; g++)
        {
            var code = ((c[g % 8] >> (4 * (g / 8))) & 15) | (((c[8 + (g % 4)] >> (2 * (g / 4))) & 3) << 4);
            var scale = d * (code - 32);
            var q = TwoBitCodes(b.Slice(32, 64), g);
            var shift = 2 * (g % 8 / 2);
            var high = b.Slice(16 * (g % 2), 16);
            var values = v.Slice(16 * g, 16);
            for (var j = 0; j < 16; j++)
            {
                // A set high bit means "subtract nothing".
                values[j] = scale * (((q[j] >> shift) & 3) - (((high[j] >> (g / 2)) & 1) == 1 ? 0 : 4));
            }
        }
    }

    private static void FourOrFiveBits(ReadOnlySpan<byte> b, ReadOnlySpan<byte> high, ReadOnlySpan<byte> q, Span<float> v)
    {
        float d = GgufBlocks.Half(b, 0), m = GgufBlocks.Half(b, 2);
        var c = b.Slice(4, 12);
        for (var g = 0; g < 8; g++)
        {
            var (scale, minimum) = g < 4
                ? (c[g] & 63, c[4 + g] & 63)
                : ((c[4 + g] & 15) | ((c[g - 4] >> 6) << 4), (c[4 + g] >> 4) | ((c[g] >> 6) << 4));
            float step = d * scale, low = m * minimum;
            for (var j = 0; j < 32; j++)
            {
                var code = (q[(32 * (g / 2)) + j] >> (4 * (g % 2))) & 15;
                if (!high.IsEmpty)
                {
                    code |= ((high[j] >> g) & 1) << 4;
                }

                v[(32 * g) + j] = (step * code) - low;
            }
        }
    }

    private static void SixBits(ReadOnlySpan<byte> b, Span<float> v)
    {
        var d = GgufBlocks.Half(b, 208);
        for (var g = 0; g < 16; g++)
        {
            int half = g / 8, part = g % 8;
            var low = b.Slice((64 * half) + (16 * (part % 4)), 16);
            var high = b.Slice(128 + (32 * half) + (16 * (part % 2)), 16);
            int lowShift = 4 * (part / 4), highShift = 2 * (part / 2);
            var scale = d * (sbyte)b[192 + g];
            var values = v.Slice(16 * g, 16);
            for (var j = 0; j < 16; j++)
            {
                values[j] = scale * ((((low[j] >> lowShift) & 15) | (((high[j] >> highShift) & 3) << 4)) - 32);
            }
        }
    }

    /// <summary>The bytes of a group's 16 two-bit codes: half a block is 32 bytes, each holding four codes that are 32 values apart.</summary>
    private static ReadOnlySpan<byte> TwoBitCodes(ReadOnlySpan<byte> q, int g) => q.Slice((32 * (g / 8)) + (16 * (g % 2)), 16);
}
