using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>The type numbers of GGUF.</summary>
internal static class GgufTypes
{
    private static readonly Dictionary<uint, StoredType> Read = new()
    {
        [0] = StoredType.F32, [1] = StoredType.F16, [2] = StoredType.Q4Block0, [3] = StoredType.Q4Block1, [6] = StoredType.Q5Block0,
        [7] = StoredType.Q5Block1, [8] = StoredType.Q8Block0, [10] = StoredType.Q2K, [11] = StoredType.Q3K, [12] = StoredType.Q4K,
        [13] = StoredType.Q5K, [14] = StoredType.Q6K, [20] = StoredType.IQ4NL, [23] = StoredType.IQ4XS, [24] = StoredType.I8,
        [25] = StoredType.I16, [26] = StoredType.I32, [27] = StoredType.I64, [28] = StoredType.F64, [30] = StoredType.BF16, [39] = StoredType.MXFP4,
    };

    private static readonly Dictionary<uint, string> Named = new()
    {
        [9] = "Q8_1, which never occurs in files", [15] = "Q8_K, which never occurs in files", [16] = "IQ2_XXS", [17] = "IQ2_XS", [18] = "IQ3_XXS",
        [19] = "IQ1_S", [21] = "IQ3_S", [22] = "IQ2_S", [29] = "IQ1_M", [34] = "TQ1_0", [35] = "TQ2_0", [40] = "NVFP4", [41] = "Q1_0",
    };

    /// <summary>The stored type of a number.</summary>
    /// <exception cref="InvalidCheckpointException">The number is unknown, was removed, or names a type that is not read.</exception>
    public static StoredType Find(ByteSource source, string tensor, uint number)
    {
        if (Read.TryGetValue(number, out var type))
        {
            return type;
        }

        var what = number is 4 or 5 or (>= 31 and <= 33) or (>= 36 and <= 38) ? "was removed from the format" : Named.TryGetValue(number, out var name) ? $"({name}) is not supported" : "is unknown";
        throw source.Invalid($"tensor '{tensor}' has type {number}, which {what}. Read are: {string.Join(", ", Read.Values.Select(t => t.Label))}.");
    }
}
