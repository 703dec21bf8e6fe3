using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Numpy;

/// <summary>Element types of NumPy arrays.</summary>
internal static class NpyTypes
{
    private static readonly Dictionary<string, StoredType> Types = new(StringComparer.Ordinal)
    {
        ["f8"] = StoredType.F64, ["f4"] = StoredType.F32, ["f2"] = StoredType.F16, ["i8"] = StoredType.I64, ["i4"] = StoredType.I32, ["i2"] = StoredType.I16, ["i1"] = StoredType.I8,
        ["u8"] = StoredType.U64, ["u4"] = StoredType.U32, ["u2"] = StoredType.U16, ["u1"] = StoredType.U8, ["b1"] = StoredType.Bool, ["c8"] = StoredType.C64, ["c16"] = StoredType.C128,
    };

    /// <summary>The stored type of a <c>descr</c>, and whether it is big-endian.</summary>
    /// <exception cref="InvalidCheckpointException">The type is unknown, or holds Python objects.</exception>
    public static (StoredType Type, bool BigEndian) Find(ByteSource source, string array, string descr)
    {
        if (descr.Contains('O', StringComparison.Ordinal))
        {
            throw source.Invalid($"'{array}' holds Python objects ({descr}), which would need a pickle to be run. Save plain numeric arrays.");
        }

        return descr.Length > 1 && descr[0] is '<' or '>' or '|' or '=' && Types.TryGetValue(descr[1..], out var type)
            ? (type, descr[0] == '>')
            : throw source.Invalid($"'{array}' has the element type '{descr}', which is not read; known are {string.Join(", ", Types.Keys)} of either byte order.");
    }

    /// <summary>The little-endian <c>descr</c> of a stored type.</summary>
    public static string Describe(StoredType type) => Types.First(t => t.Value == type).Key is var name && name is "i1" or "u1" or "b1" ? "|" + name : "<" + name;
}
