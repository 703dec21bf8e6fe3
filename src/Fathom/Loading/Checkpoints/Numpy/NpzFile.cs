using System.Buffers;
using System.Text;
using System.Text.Json;
using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Torch;
using Fathom.Loading.Checkpoints.Zip;

namespace Fathom.Loading.Checkpoints.Numpy;

/// <summary>A NumPy archive (<c>.npz</c>), stored or compressed.</summary>
internal sealed class NpzFile : FileCheckpoint
{
    /// <summary>The entry that holds provenance: a text array of JSON.</summary>
    public const string MetadataName = "__metadata__";

    /// <summary>No deflate stream unpacks to more.</summary>
    private const int LargestRatio = 1_040;

    private const int Elements = 1 << 16, LargestMetadata = 16 << 20;

    private readonly ByteSource _source;
    private readonly ZipFile _zip;
    private readonly Dictionary<string, NpzArray> _arrays = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);
    private readonly HashSet<string> _checked = new(StringComparer.Ordinal);
    private Dictionary<string, string> _metadata = [];

    /// <summary>Reads the directory and every header; owns the source from then on, also when it throws.</summary>
    /// <exception cref="InvalidCheckpointException">The archive or an array is broken, or holds objects.</exception>
    public NpzFile(ByteSource source)
    {
        _source = source;
        try
        {
            if (source.Length < 4 || source.Read(0, 4) is not [(byte)'P', (byte)'K', _, _])
            {
                throw source.Invalid($"an npz file is a zip archive; this one looks like {FileKind.Describe(source)}.");
            }

            _zip = ZipFile.Open(source);
            foreach (var record in _zip.Records.Values.OrderBy(r => r.Begin))
            {
                Add(record);
            }
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Source => _source.Name;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Compressed and column-major arrays are only quick from end to end.</summary>
    internal override bool ReadsRows(string name) => false;

    /// <inheritdoc/>
    internal override void ReadValues(StoredTensor tensor, long first, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var array = _arrays[tensor.Name];
        lock (_checked)
        {
            if (_checked.Add(tensor.Name))
            {
                _zip.CheckCrc(array.Record);
            }
        }

        using ZipRecordReader reader = new(_source, array.Record);
        if (array.FortranOrder && tensor.Shape.Count > 1)
        {
            ReadFortran(array, reader, first, destination);
            return;
        }

        int width = tensor.Type.BlockBits / 8, read = tensor.Type.ReadBytes;
        var buffer = ArrayPool<byte>.Shared.Rent(Elements * width);
        try
        {
            while (!destination.IsEmpty)
            {
                var count = Math.Min(Elements, destination.Length / read);
                var raw = buffer.AsSpan(0, count * width);
                reader.Read(array.Begin + (first * width), raw);
                Decode(array, raw, destination[..(count * read)]);
                first += count;
                destination = destination[(count * read)..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _source.Dispose();

    private static void Decode(NpzArray array, Span<byte> raw, Span<byte> destination)
    {
        if (array.BigEndian)
        {
            ElementBits.ToNative(raw, array.Tensor.Type, bigEndian: true, conjugated: false, negated: false);
        }

        ElementDecoder.Decode(array.Tensor, raw, destination);
    }

    /// <summary>Column-major data are held whole while they are turned: the price of an order that tensors do not have.</summary>
    private static void ReadFortran(NpzArray array, ZipRecordReader reader, long first, Span<byte> destination)
    {
        int width = array.Tensor.Type.BlockBits / 8, read = array.Tensor.Type.ReadBytes;
        var all = new byte[checked((int)array.Tensor.ByteLength)];
        reader.Read(array.Begin, all);
        Span<byte> element = stackalloc byte[16];
        for (var i = 0; i < destination.Length / read; i++)
        {
            long rest = first + i, position = 0;
            for (var d = array.Tensor.Shape.Count - 1; d >= 0; d--)
            {
                (rest, var index) = Math.DivRem(rest, array.Tensor.Shape[d]);
                position += index * array.Tensor.Shape.Take(d).Aggregate(1L, (a, b) => a * b);
            }

            all.AsSpan((int)position * width, width).CopyTo(element);
            Decode(array, element[..width], destination.Slice(i * read, read));
        }
    }

    private void Add(ZipRecord record)
    {
        if (!record.Name.EndsWith(".npy", StringComparison.Ordinal))
        {
            throw _source.Invalid($"the entry '{record.Name}' is no array (.npy): this is not an npz file.");
        }

        if (record.Length / LargestRatio > record.StoredLength)
        {
            throw _source.Invalid($"the entry '{record.Name}' claims to unpack from {record.StoredLength} to {record.Length} bytes, more than any deflate stream does.");
        }

        using ZipRecordReader reader = new(_source, record);
        var header = NpyHeader.Read(_source, record, reader);
        var name = record.Name[..^4];
        if (name == MetadataName)
        {
            _metadata = ReadMetadata(record, reader, header);
            return;
        }

        var (type, bigEndian) = NpyTypes.Find(_source, name, header.Descr);
        Int128 bytes = type.BlockBits / 8;
        foreach (var size in header.Shape)
        {
            bytes *= size;
            if (bytes > long.MaxValue)
            {
                throw _source.Invalid($"the shape [{string.Join(", ", header.Shape)}] of '{name}' overflows 64 bits.");
            }
        }

        if (bytes != record.Length - header.Begin)
        {
            throw _source.Invalid($"the array '{name}' of {type.Label} [{string.Join(", ", header.Shape)}] needs {bytes} bytes, but its entry holds {record.Length - header.Begin}.");
        }

        StoredTensor tensor = new(name, type, header.Shape, (long)bytes);
        _tensors.Add(name, tensor);
        _arrays.Add(name, new(tensor, record, header.Begin, header.FortranOrder, bigEndian));
    }

    private Dictionary<string, string> ReadMetadata(ZipRecord record, ZipRecordReader reader, NpyHeader header)
    {
        var length = record.Length - header.Begin;
        if (!header.Descr.StartsWith("<U", StringComparison.Ordinal) || header.Shape.Count != 0 || length > LargestMetadata)
        {
            throw _source.Invalid($"'{MetadataName}' must be one text of at most {LargestMetadata} bytes, but is {header.Descr} [{string.Join(", ", header.Shape)}].");
        }

        var bytes = new byte[length];
        reader.Read(header.Begin, bytes);
        try
        {
            var text = new UTF32Encoding(bigEndian: false, byteOrderMark: false, throwOnInvalidCharacters: true).GetString(bytes);
            using var json = JsonDocument.Parse(text.TrimEnd('\0'), new() { MaxDepth = 8, AllowDuplicateProperties = false });
            return json.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString() ?? "", StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw _source.Invalid($"'{MetadataName}' is not a JSON object of texts: {e.Message}", e);
        }
    }
}
