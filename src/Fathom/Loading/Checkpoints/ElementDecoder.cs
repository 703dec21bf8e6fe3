using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints;

/// <summary>Turns stored elements into elements of the type they are read as.</summary>
internal static class ElementDecoder
{
    private const int Elements = 1 << 16;

    /// <summary>Reads elements that lie one after another in the file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="tensor">Named in errors; gives the type.</param>
    /// <param name="offset">Where the first wanted element lies.</param>
    /// <param name="destination">A whole number of elements of the type read as.</param>
    public static void Read(ByteSource source, StoredTensor tensor, long offset, Span<byte> destination)
    {
        if (tensor.Type.IsVerbatim)
        {
            source.Read(offset, destination);
            return;
        }

        int stored = tensor.Type.BlockBits / 8, read = tensor.Type.ReadBytes;
        var buffer = ArrayPool<byte>.Shared.Rent(Elements * stored);
        try
        {
            while (!destination.IsEmpty)
            {
                var count = Math.Min(Elements, destination.Length / read);
                var raw = buffer.AsSpan(0, count * stored);
                source.Read(offset, raw);
                Decode(tensor, raw, destination[..(count * read)]);
                offset += raw.Length;
                destination = destination[(count * read)..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Converts little-endian stored elements into the type read as.</summary>
    public static void Decode(StoredTensor tensor, ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        switch (tensor.Type)
        {
            case StoredType.Bool:
                for (var i = 0; i < raw.Length; i++)
                {
                    destination[i] = raw[i] == 0 ? (byte)0 : (byte)1;
                }

                break;
            case StoredType.U16:
                var ints = MemoryMarshal.Cast<byte, int>(destination);
                for (var i = 0; i < ints.Length; i++)
                {
                    ints[i] = BinaryPrimitives.ReadUInt16LittleEndian(raw[(2 * i)..]);
                }

                break;
            case StoredType.U32:
                var longs = MemoryMarshal.Cast<byte, long>(destination);
                for (var i = 0; i < longs.Length; i++)
                {
                    longs[i] = BinaryPrimitives.ReadUInt32LittleEndian(raw[(4 * i)..]);
                }

                break;
            case StoredType.F8E4M3 or StoredType.F8E5M2 or StoredType.F8E4M3Fnuz or StoredType.F8E5M2Fnuz or StoredType.F8E8M0:
                var table = Float8.Table(tensor.Type);
                var floats = MemoryMarshal.Cast<byte, float>(destination);
                for (var i = 0; i < floats.Length; i++)
                {
                    floats[i] = table[raw[i]];
                }

                break;
            default:
                raw.CopyTo(destination);
                break;
        }
    }
}
