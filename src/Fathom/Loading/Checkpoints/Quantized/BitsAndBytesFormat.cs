namespace Fathom.Loading.Checkpoints.Quantized;

/// <summary>bitsandbytes: LLM.int8 (a byte for each value, a scale for each row) and 4-bit blocks with a table of 16 values.</summary>
/// <remarks>Source: Dettmers et al. 2022 (arXiv:2208.07339) and 2023 (arXiv:2305.14314), in the layout of bitsandbytes 0.41 and later.</remarks>
internal static class BitsAndBytesFormat
{
    private const string RowScales = ".SCB";

    public static IReadOnlyList<PackedTensor> Find(Checkpoint inner) =>
    [
        .. inner.Tensors.Keys.Where(n => n.Contains(BitsAndBytes4.State, StringComparison.Ordinal)).Select(n => BitsAndBytes4.Weight(inner, n)),
        .. inner.Tensors.Keys.Where(n => n.EndsWith(RowScales, StringComparison.Ordinal)).Select(n => Int8(inner, n[..^RowScales.Length])),
    ];

    private static PackedTensor Int8(Checkpoint inner, string module)
    {
        PackedParts parts = new(inner, module);
        StoredTensor codes = parts.Require(".weight", StoredType.I8), scales = parts.Require(RowScales, StoredType.F32);
        var layout = parts.Optional(".weight_format", StoredType.U8);
        if (codes.Shape is not [var outputs, _])
        {
            throw parts.Invalid("the codes must be a matrix.");
        }

        parts.Check(scales, outputs);
        return new(codes.Name, StoredType.F32, codes.Shape, parts.Names, read =>
        {
            // Layouts other than rows were tiles for one GPU generation and were never meant to be saved.
            if (layout is not null && read(layout.Name).bytes.ContainsAnyExcept((byte)0))
            {
                throw parts.Invalid("its weight_format is not 'row'; load it once with bitsandbytes and save it again.");
            }

            return read(codes.Name).to(torch.float32).mul_(read(scales.Name).unsqueeze(1)).mul_(torch.tensor((float)(1.0 / 127)));
        });
    }
}
