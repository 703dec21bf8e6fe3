using System.Runtime.InteropServices;

namespace Fathom.Loading.Checkpoints.Quantized;

/// <summary>MXFP4 as gpt-oss stores it: 32 four-bit floats share a power of two; the weight is the transpose, <c>[expert, in, out]</c>.</summary>
/// <remarks>Source: OCP Microscaling Formats 1.0. Byte k of a block holds inputs 2k (low nibble) and 2k + 1. Every value is exact in bf16.</remarks>
internal static class Mxfp4Format
{
    private const string Blocks = "_blocks", Scales = "_scales";
    private const int BlockBytes = 16;

    private static readonly float[] Values = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6];

    public static IReadOnlyList<PackedTensor> Find(Checkpoint inner) =>
        [.. inner.Tensors.Keys.Where(n => n.EndsWith(Blocks, StringComparison.Ordinal)).Select(n => Weight(inner, n[..^Blocks.Length]))];

    private static PackedTensor Weight(Checkpoint inner, string name)
    {
        PackedParts parts = new(inner, name);
        StoredTensor blocks = parts.Require(Blocks, StoredType.U8), scales = parts.Require(Scales, StoredType.U8);
        if (blocks.Shape is not [var experts, var outputs, var groups, BlockBytes])
        {
            throw parts.Invalid($"'{blocks.Name}' is [{string.Join(", ", blocks.Shape)}]; [expert, out, in / 32, 16] is expected.");
        }

        parts.Check(scales, experts, outputs, groups);
        return new(name, StoredType.BF16, [experts, checked(groups * 32), outputs], parts.Names, read =>
        {
            Tensor packed = read(blocks.Name), powers = read(scales.Name);
            var weight = torch.empty([experts, groups * 32, outputs], dtype: torch.bfloat16);
            for (long e = 0; e < experts; e++)
            {
                using var scope = torch.NewDisposeScope();
                weight.narrow(0, e, 1).view(groups * 32, outputs).copy_(Expert(packed.narrow(0, e, 1).bytes, powers.narrow(0, e, 1).bytes, outputs, groups).t());
            }

            return weight;
        });
    }

    private static Tensor Expert(ReadOnlySpan<byte> blocks, ReadOnlySpan<byte> scales, long outputs, long groups)
    {
        var matrix = torch.empty([outputs, groups * 32], dtype: torch.float32);
        var values = MemoryMarshal.Cast<byte, float>(matrix.bytes);
        for (var b = 0; b < scales.Length; b++)
        {
            var power = scales[b] - 127;
            for (var k = 0; k < BlockBytes; k++)
            {
                var pair = blocks[(b * BlockBytes) + k];
                values[(b * 32) + (2 * k)] = MathF.ScaleB(Values[pair & 15], power);
                values[(b * 32) + (2 * k) + 1] = MathF.ScaleB(Values[pair >> 4], power);
            }
        }

        return matrix;
    }
}
