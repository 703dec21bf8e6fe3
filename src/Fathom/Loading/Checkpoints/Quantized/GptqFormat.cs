namespace Fathom.Loading.Checkpoints.Quantized;

/// <summary>GPTQ: 32-bit words of 2, 4 or 8-bit codes down the input dimension, scale and zero for each group of inputs and each output.</summary>
/// <remarks>Source: Frantar et al. 2022 (arXiv:2210.17323), in the layout of AutoGPTQ: <c>W[i, o] = scales[g, o]·(q[i, o] - zero[g, o])</c>, zeros stored less 1 in format 1.</remarks>
internal static class GptqFormat
{
    private const string Packed = ".qweight";

    public static IReadOnlyList<PackedTensor> Find(Checkpoint inner, QuantizationSettings settings)
    {
        int bits = settings.Integer("bits"), group = settings.Integer("group_size", -1);
        var format = settings.Text("checkpoint_format", "gptq");
        if (bits is not (2 or 4 or 8) || format is not ("gptq" or "gptq_v2"))
        {
            throw settings.Invalid($"asks for GPTQ with {bits} bits in the format '{format}'; 2, 4 and 8 bits in the formats gptq and gptq_v2 are read.");
        }

        return [.. inner.Tensors.Keys.Where(n => n.EndsWith(Packed, StringComparison.Ordinal)).Select(n => Module(inner, n[..^Packed.Length], bits, group, format == "gptq" ? 1 : 0))];
    }

    private static PackedTensor Module(Checkpoint inner, string module, int bits, int groupSize, int zeroOffset)
    {
        PackedParts parts = new(inner, module);
        var words = parts.Require(Packed, StoredType.I32);
        var scales = parts.Require(".scales", StoredType.F16, StoredType.BF16, StoredType.F32);
        var zeros = parts.Require(".qzeros", StoredType.I32);
        var order = parts.Optional(".g_idx", StoredType.I32, StoredType.I64);
        var perWord = 32 / bits;
        if (words.Shape.Count != 2 || scales.Shape.Count != 2)
        {
            throw parts.Invalid("codes and scales must be matrices.");
        }

        long inputs = checked(words.Shape[0] * perWord), outputs = words.Shape[1], groups = scales.Shape[0], size = groupSize > 0 ? groupSize : inputs;
        if (groups != (inputs + size - 1) / size || outputs % perWord != 0)
        {
            throw parts.Invalid($"{inputs} inputs in groups of {size} make {(inputs + size - 1) / size} groups, but there are scales for {groups}; outputs ({outputs}) come in words of {perWord}.");
        }

        parts.Check(scales, groups, outputs);
        parts.Check(zeros, groups, outputs / perWord);
        if (order is not null)
        {
            parts.Check(order, inputs);
        }

        return new(module + ".weight", StoredType.F32, [outputs, inputs], parts.Names, read =>
        {
            var codes = IntegerWords.Rows(read(words.Name), bits);
            var zero = IntegerWords.Columns(read(zeros.Name), bits);

            // Packed zeros wrap: a zero of 2^bits is stored as 2^bits - 1 and means 0 after the mask.
            var wrapped = zero.Select(z => (byte)((z + zeroOffset) & ((1 << bits) - 1))).ToArray();
            return Groups.Dequantize(codes, wrapped, Groups.Floats(read(scales.Name)), Order(read, parts, order, inputs, groups, size), outputs).t();
        });
    }

    /// <summary>The group of each input; an order in the file may mix them.</summary>
    private static int[] Order(Func<string, Tensor> read, PackedParts parts, StoredTensor? order, long inputs, long groups, long size)
    {
        if (order is null)
        {
            return [.. Enumerable.Range(0, (int)inputs).Select(i => (int)(i / size))];
        }

        var groupOf = read(order.Name).to(torch.int64).data<long>().ToArray();
        return Array.TrueForAll(groupOf, g => g >= 0 && g < groups) ? Array.ConvertAll(groupOf, g => (int)g) : throw parts.Invalid($"its g_idx names groups outside 0 to {groups - 1}.");
    }
}
