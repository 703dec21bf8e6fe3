namespace Fathom.Loading.Checkpoints.Quantized;

/// <summary>AWQ in its gemm layout: 32-bit words of eight 4-bit codes along the output dimension, even outputs first.</summary>
/// <remarks>Source: Lin et al. 2023 (arXiv:2306.00978), in the layout of AutoAWQ: <c>W[i, o] = scales[g, o]·(q[i, o] - zero[g, o])</c>.</remarks>
internal static class AwqFormat
{
    private const string Packed = ".qweight";
    private const int Bits = 4, PerWord = 8;

    /// <summary>The output, within its eight, that each nibble of a word holds.</summary>
    private static readonly int[] Order = [0, 2, 4, 6, 1, 3, 5, 7];

    public static IReadOnlyList<PackedTensor> Find(Checkpoint inner, QuantizationSettings settings)
    {
        int bits = settings.Integer("bits", settings.Integer("w_bit", Bits)), group = settings.Integer("group_size", settings.Integer("q_group_size", 128));
        var version = settings.Text("version", "gemm");
        if (bits != Bits || version != "gemm")
        {
            throw settings.Invalid($"asks for AWQ with {bits} bits in the version '{version}'; 4 bits in the version gemm are read.");
        }

        return [.. inner.Tensors.Keys.Where(n => n.EndsWith(Packed, StringComparison.Ordinal)).Select(n => Module(inner, n[..^Packed.Length], group))];
    }

    private static PackedTensor Module(Checkpoint inner, string module, int groupSize)
    {
        PackedParts parts = new(inner, module);
        var words = parts.Require(Packed, StoredType.I32);
        var scales = parts.Require(".scales", StoredType.F16, StoredType.BF16, StoredType.F32);
        var zeros = parts.Require(".qzeros", StoredType.I32);
        if (words.Shape.Count != 2)
        {
            throw parts.Invalid("codes must be a matrix.");
        }

        long inputs = words.Shape[0], outputs = checked(words.Shape[1] * PerWord), size = groupSize > 0 ? groupSize : inputs;
        if (size == 0 || inputs % size != 0)
        {
            throw parts.Invalid($"{inputs} inputs are no whole number of groups of {size}.");
        }

        parts.Check(scales, inputs / size, outputs);
        parts.Check(zeros, inputs / size, outputs / PerWord);
        return new(module + ".weight", StoredType.F32, [outputs, inputs], parts.Names, read =>
        {
            var codes = Sorted(IntegerWords.Columns(read(words.Name), Bits));
            var zero = Sorted(IntegerWords.Columns(read(zeros.Name), Bits));
            int[] groupOf = [.. Enumerable.Range(0, (int)inputs).Select(i => (int)(i / size))];
            return Groups.Dequantize(codes, zero, Groups.Floats(read(scales.Name)), groupOf, outputs).t();
        });
    }

    private static byte[] Sorted(byte[] codes)
    {
        var sorted = new byte[codes.Length];
        for (var i = 0; i < codes.Length; i += PerWord)
        {
            for (var k = 0; k < PerWord; k++)
            {
                sorted[i + Order[k]] = codes[i + k];
            }
        }

        return sorted;
    }
}
