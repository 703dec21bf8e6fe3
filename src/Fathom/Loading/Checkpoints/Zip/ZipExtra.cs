using System.Buffers.Binary;
using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Zip;

/// <summary>The extra fields of a zip entry. Only the 64-bit sizes mean anything; padding for alignment is skipped.</summary>
internal static class ZipExtra
{
    /// <summary>The 64-bit sizes, or null when there are none.</summary>
    /// <exception cref="InvalidCheckpointException">They are given twice.</exception>
    public static byte[]? Find64(ByteSource source, string name, ReadOnlySpan<byte> extra)
    {
        byte[]? found = null;
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra), length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
            {
                break;
            }

            if (id == 1)
            {
                found = found is null ? extra.Slice(4, length).ToArray() : throw source.Invalid($"the zip entry '{name}' has two zip64 fields.");
            }

            extra = extra[(4 + length)..];
        }

        return found;
    }
}
