using System.Text.Json;

namespace Fathom.Loading.Checkpoints.Quantized;

/// <summary>8-bit floats with one fp32 scale for each block of the matrix, as DeepSeek-V3 stores them.</summary>
/// <remarks>Source: DeepSeek-V3 (arXiv:2412.19437) §3.3; <c>weight_scale_inv</c> is what the codes are multiplied by, despite its name.</remarks>
internal static class Fp8Format
{
    private const string Scale = ".weight_scale_inv";

    public static IReadOnlyList<PackedTensor> Find(Checkpoint inner, JsonElement? quantization)
    {
        var (rows, columns) = BlockSize(inner, quantization);
        return [.. inner.Tensors.Keys.Where(n => n.EndsWith(Scale, StringComparison.Ordinal)).Select(n => Weight(inner, n[..^Scale.Length], rows, columns))];
    }

    private static (long Rows, long Columns) BlockSize(Checkpoint inner, JsonElement? quantization)
    {
        if (quantization is not { ValueKind: JsonValueKind.Object } settings || !settings.TryGetProperty("weight_block_size", out var size))
        {
            return (128, 128);
        }

        return size.ValueKind == JsonValueKind.Array && size.GetArrayLength() == 2 && size[0].TryGetInt64(out var rows) && size[1].TryGetInt64(out var columns) && rows is > 0 and <= 1 << 20 && columns is > 0 and <= 1 << 20
            ? (rows, columns)
            : throw new InvalidCheckpointException(inner.Source, $"quantization_config has 'weight_block_size': {size}; two positive integers are expected.");
    }

    private static PackedTensor Weight(Checkpoint inner, string module, long rows, long columns)
    {
        PackedParts parts = new(inner, module);
        var codes = parts.Require(".weight", StoredType.F8E4M3, StoredType.F8E5M2);
        var scale = parts.Require(Scale, StoredType.F32, StoredType.BF16);
        if (codes.Shape is not [var outputs, var inputs])
        {
            throw parts.Invalid("the codes must be a matrix.");
        }

        parts.Check(scale, (outputs + rows - 1) / rows, (inputs + columns - 1) / columns);
        return new(codes.Name, StoredType.F32, codes.Shape, parts.Names, read =>
        {
            var weight = read(codes.Name);
            var factors = read(scale.Name).to(torch.float32);
            for (long r = 0; r < outputs; r += rows)
            {
                using var scope = torch.NewDisposeScope();
                var band = factors.narrow(0, r / rows, 1).repeat_interleave(columns, 1).narrow(1, 0, inputs);
                weight.narrow(0, r, Math.Min(rows, outputs - r)).mul_(band);
            }

            return weight;
        });
    }
}
