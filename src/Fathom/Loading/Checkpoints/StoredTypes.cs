using ScalarType = TorchSharp.torch.ScalarType;

namespace Fathom.Loading.Checkpoints;

/// <summary>Facts about each <see cref="StoredType"/>: its label in files, its size, and what it is read as.</summary>
public static class StoredTypes
{
    private static readonly Dictionary<StoredType, Facts> Table = new()
    {
        [StoredType.F64] = new("F64", 1, 64, ScalarType.Float64),
        [StoredType.F32] = new("F32", 1, 32, ScalarType.Float32),
        [StoredType.F16] = new("F16", 1, 16, ScalarType.Float16),
        [StoredType.BF16] = new("BF16", 1, 16, ScalarType.BFloat16),
        [StoredType.F8E4M3] = new("F8_E4M3", 1, 8, ScalarType.Float32),
        [StoredType.F8E5M2] = new("F8_E5M2", 1, 8, ScalarType.Float32),
        [StoredType.F8E4M3Fnuz] = new("F8_E4M3FNUZ", 1, 8, ScalarType.Float32),
        [StoredType.F8E5M2Fnuz] = new("F8_E5M2FNUZ", 1, 8, ScalarType.Float32),
        [StoredType.F8E8M0] = new("F8_E8M0", 1, 8, ScalarType.Float32),
        [StoredType.F6E2M3] = new("F6_E2M3", 1, 6, null),
        [StoredType.F6E3M2] = new("F6_E3M2", 1, 6, null),
        [StoredType.F4] = new("F4", 1, 4, null),
        [StoredType.I64] = new("I64", 1, 64, ScalarType.Int64),
        [StoredType.I32] = new("I32", 1, 32, ScalarType.Int32),
        [StoredType.I16] = new("I16", 1, 16, ScalarType.Int16),
        [StoredType.I8] = new("I8", 1, 8, ScalarType.Int8),
        [StoredType.U64] = new("U64", 1, 64, ScalarType.Int64),
        [StoredType.U32] = new("U32", 1, 32, ScalarType.Int64),
        [StoredType.U16] = new("U16", 1, 16, ScalarType.Int32),
        [StoredType.U8] = new("U8", 1, 8, ScalarType.Byte),
        [StoredType.Bool] = new("BOOL", 1, 8, ScalarType.Bool),
        [StoredType.C32] = new("C32", 1, 32, null),
        [StoredType.C64] = new("C64", 1, 64, ScalarType.ComplexFloat32),
        [StoredType.C128] = new("C128", 1, 128, ScalarType.ComplexFloat64),
        [StoredType.Q4Block0] = new("Q4_0", 32, 18 * 8, ScalarType.Float32),
        [StoredType.Q4Block1] = new("Q4_1", 32, 20 * 8, ScalarType.Float32),
        [StoredType.Q5Block0] = new("Q5_0", 32, 22 * 8, ScalarType.Float32),
        [StoredType.Q5Block1] = new("Q5_1", 32, 24 * 8, ScalarType.Float32),
        [StoredType.Q8Block0] = new("Q8_0", 32, 34 * 8, ScalarType.Float32),
        [StoredType.Q2K] = new("Q2_K", 256, 84 * 8, ScalarType.Float32),
        [StoredType.Q3K] = new("Q3_K", 256, 110 * 8, ScalarType.Float32),
        [StoredType.Q4K] = new("Q4_K", 256, 144 * 8, ScalarType.Float32),
        [StoredType.Q5K] = new("Q5_K", 256, 176 * 8, ScalarType.Float32),
        [StoredType.Q6K] = new("Q6_K", 256, 210 * 8, ScalarType.Float32),
        [StoredType.IQ4NL] = new("IQ4_NL", 32, 18 * 8, ScalarType.Float32),
        [StoredType.IQ4XS] = new("IQ4_XS", 256, 136 * 8, ScalarType.Float32),
        [StoredType.MXFP4] = new("MXFP4", 32, 17 * 8, ScalarType.Float32),
    };

    extension(StoredType type)
    {
        /// <summary>The name the file format uses, such as <c>F8_E4M3</c> or <c>Q4_K</c>.</summary>
        public string Label => Table[type].Label;

        /// <summary>Values in one block; 1 for plain element types.</summary>
        public int BlockElements => Table[type].BlockElements;

        /// <summary>Bits of one block in the file.</summary>
        public int BlockBits => Table[type].BlockBits;

        /// <summary>The element type <see cref="Checkpoint.Read"/> returns, or null where the type can only be listed.</summary>
        public ScalarType? ReadAs => Table[type].ReadAs;

        /// <summary>Bytes of one value as <see cref="Checkpoint.Read"/> returns it; 0 where the type can only be listed.</summary>
        public int ReadBytes => Table[type].ReadAs switch
        {
            ScalarType.Float64 or ScalarType.Int64 or ScalarType.ComplexFloat32 => 8,
            ScalarType.Float32 or ScalarType.Int32 => 4,
            ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
            ScalarType.ComplexFloat64 => 16,
            null => 0,
            _ => 1,
        };

        /// <summary>True where the bytes of the file are the bytes of the tensor.</summary>
        internal bool IsVerbatim => type.BlockElements == 1 && type.BlockBits == type.ReadBytes * 8 && type != StoredType.Bool;
    }

    /// <summary>The types by their label in files.</summary>
    internal static IReadOnlyDictionary<string, StoredType> ByLabel { get; } = Table.ToDictionary(p => p.Value.Label, p => p.Key, StringComparer.Ordinal);

    private sealed record Facts(string Label, int BlockElements, int BlockBits, ScalarType? ReadAs);
}
