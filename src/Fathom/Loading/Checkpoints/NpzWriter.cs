using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Fathom.Loading.Checkpoints.Numpy;
using Fathom.Loading.Checkpoints.Zip;
using ScalarType = TorchSharp.torch.ScalarType;

namespace Fathom.Loading.Checkpoints;

/// <summary>Writes NumPy archives that <c>numpy.load</c> opens without pickle. The same tensors give the same bytes.</summary>
/// <remarks>NumPy has no bf16: such tensors are written as fp32, which holds every bf16 bit (the lower half is zero).</remarks>
public static class NpzWriter
{
    /// <summary>Writes an archive of uncompressed arrays, in the order given.</summary>
    /// <param name="path">Replaced in one step at the end.</param>
    /// <param name="tensors">What to write; each is opened once, one at a time.</param>
    /// <param name="metadata">Provenance, written as one text array <c>__metadata__</c> of JSON: <c>json.loads(str(z["__metadata__"]))</c>.</param>
    /// <exception cref="ArgumentException">A name is given twice or cannot be a zip entry, or a type has no NumPy counterpart.</exception>
    public static void Write(string path, IEnumerable<TensorToWrite> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        List<TensorToWrite> all = [.. tensors];
        HashSet<string> names = new([NpzFile.MetadataName], StringComparer.OrdinalIgnoreCase);
        foreach (var tensor in all)
        {
            _ = tensor.StoredType;
            var plain = tensor.Name.Length > 0 && !tensor.Name.Any(c => char.IsControl(c) || c is '\\' or ':') && tensor.Name.Split('/').All(p => p is not ("" or "." or ".."));
            if (!plain || !names.Add(tensor.Name))
            {
                throw new ArgumentException($"'{tensor.Name}' {(plain ? "is given twice, or differs from another name only in case" : "cannot be the name of a zip entry")}; every array needs its own plain name.");
            }
        }

        AtomicFile.Write(path, stream =>
        {
            ZipWriter zip = new(stream);
            foreach (var tensor in all)
            {
                zip.Add(tensor.Name + ".npy", entry => WriteArray(tensor, entry));
            }

            if (metadata is { Count: > 0 })
            {
                zip.Add(NpzFile.MetadataName + ".npy", entry => WriteMetadata(metadata, entry));
            }

            zip.Finish();
        });
    }

    /// <summary>Writes an archive from tensors in memory.</summary>
    /// <inheritdoc cref="Write(string, IEnumerable{TensorToWrite}, IReadOnlyDictionary{string, string}?)"/>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        Write(path, tensors.Select(p => TensorToWrite.From(p.Key, p.Value)), metadata);
    }

    private static void WriteArray(TensorToWrite tensor, Stream stream)
    {
        var widened = tensor.Type == ScalarType.BFloat16;
        WriteHeader(stream, NpyTypes.Describe(widened ? StoredType.F32 : tensor.StoredType), tensor.Shape);
        TensorBytes.CopyTo(tensor, widened ? new WideningStream(stream) : stream);
    }

    private static void WriteMetadata(IReadOnlyDictionary<string, string> metadata, Stream stream)
    {
        var json = JsonSerializer.Serialize(new SortedDictionary<string, string>(metadata.ToDictionary(), StringComparer.Ordinal));
        var text = new UTF32Encoding(bigEndian: false, byteOrderMark: false).GetBytes(json);
        WriteHeader(stream, $"<U{text.Length / 4}", []);
        stream.Write(text);
    }

    /// <summary>Version 1.0, padded so that the data begin at a multiple of 64, as numpy pads it.</summary>
    private static void WriteHeader(Stream stream, string descr, IReadOnlyList<long> shape)
    {
        var sizes = shape.Count == 1 ? $"{shape[0]}," : string.Join(", ", shape);
        var text = $"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({sizes}), }}";
        var padded = ((10 + text.Length + 1 + 63) / 64 * 64) - 10;
        Span<byte> prefix = [0x93, .. "NUMPY"u8, 1, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(prefix[8..], (ushort)padded);
        stream.Write(prefix);
        stream.Write(Encoding.ASCII.GetBytes(text.PadRight(padded - 1) + "\n"));
    }
}
