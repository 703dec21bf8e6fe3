using System.Buffers;
using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Pickles;

namespace Fathom.Loading.Checkpoints.Torch;

/// <summary>Reads a view of a storage as dense values: strides, byte order, lazy conjugation and negation applied.</summary>
internal sealed class TorchViewReader(ByteSource source, StoredTensor tensor, PickleTensor view, long storageBegin, bool bigEndian)
{
    private const int Elements = 1 << 16;

    private readonly int _width = view.Type.BlockBits / 8;
    private readonly long _begin = storageBegin + (view.Storage.Offset * view.Storage.UnitBytes) + (view.Offset * (view.Type.BlockBits / 8));

    /// <summary>Reads values <paramref name="first"/> and on, in the type the tensor is read as.</summary>
    public void Read(long first, Span<byte> destination)
    {
        var plain = view.IsContiguous && !bigEndian && !view.Conjugated && !view.Negated;
        if (plain)
        {
            ElementDecoder.Read(source, tensor, _begin + (first * _width), destination);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(Elements * _width);
        var read = tensor.Type.ReadBytes;
        try
        {
            while (!destination.IsEmpty)
            {
                var count = Math.Min(Elements, destination.Length / read);
                var raw = buffer.AsSpan(0, count * _width);
                Gather(first, raw);
                ElementBits.ToNative(raw, view.Type, bigEndian, view.Conjugated, view.Negated);
                ElementDecoder.Decode(tensor, raw, destination[..(count * read)]);
                first += count;
                destination = destination[(count * read)..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Gather(long first, Span<byte> raw)
    {
        if (view.IsContiguous)
        {
            source.Read(_begin + (first * _width), raw);
            return;
        }

        var index = new long[view.Shape.Length];
        for (var d = index.Length - 1; d >= 0; d--)
        {
            (first, index[d]) = Math.DivRem(first, view.Shape[d]);
        }

        StorageWindow window = new(source, _width);
        for (; !raw.IsEmpty; raw = raw[_width..])
        {
            long element = 0;
            for (var d = 0; d < index.Length; d++)
            {
                element += index[d] * view.Stride[d];
            }

            window.Element(_begin + (element * _width), raw[.._width]);
            for (var d = index.Length - 1; d >= 0 && ++index[d] == view.Shape[d]; d--)
            {
                index[d] = 0;
            }
        }
    }
}
