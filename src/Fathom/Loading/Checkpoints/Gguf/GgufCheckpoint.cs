using System.Buffers;
using System.Runtime.InteropServices;
using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>A GGUF file, or the parts of a split one, under its own tensor names. Quantised tensors read as fp32.</summary>
/// <remarks><c>GgufNames.Translate</c> presents the same weights under Hugging Face names.</remarks>
public sealed class GgufCheckpoint : FileCheckpoint
{
    private readonly Dictionary<string, (ByteSource Source, GgufEntry Entry)> _places = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);
    private readonly List<ByteSource> _parts = [];

    private GgufCheckpoint(GgufMetadata metadata, string source)
    {
        Gguf = metadata;
        Source = source;
    }

    /// <summary>The typed metadata.</summary>
    public GgufMetadata Gguf { get; }

    /// <inheritdoc/>
    public override string Source { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    /// <inheritdoc/>
    /// <remarks>The text values only; <see cref="Gguf"/> has the rest.</remarks>
    public override IReadOnlyDictionary<string, string> Metadata => Gguf.Keys.Where(k => Gguf.Raw(k) is string).ToDictionary(k => k, k => Gguf.Text(k)!);

    /// <summary>Reads the headers of all parts.</summary>
    /// <param name="parts">The file, or every part of a split file in order. Owned from here on.</param>
    /// <exception cref="InvalidCheckpointException">A header is broken or the parts do not belong together.</exception>
    internal static GgufCheckpoint Open(IReadOnlyList<ByteSource> parts)
    {
        GgufCheckpoint? checkpoint = null;
        try
        {
            for (var i = 0; i < parts.Count; i++)
            {
                var header = GgufHeader.Read(parts[i]);
                GgufSplit.Check(parts[i], header.Metadata, i, parts.Count);
                checkpoint ??= new(header.Metadata, parts[0].Name);
                checkpoint.Add(parts[i], header);
            }

            GgufSplit.CheckTotal(parts[0], checkpoint!.Gguf, checkpoint.Tensors.Count);
            return checkpoint;
        }
        catch
        {
            foreach (var part in parts)
            {
                part.Dispose();
            }

            throw;
        }
    }

    /// <inheritdoc/>
    internal override void ReadValues(StoredTensor tensor, long first, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var (source, entry) = _places[tensor.Name];
        var begin = entry.Begin + (first / tensor.Type.BlockElements * (tensor.Type.BlockBits / 8));
        if (tensor.Type.BlockElements == 1)
        {
            ElementDecoder.Read(source, tensor, begin, destination);
            return;
        }

        ReadBlocks(source, tensor.Type, begin, MemoryMarshal.Cast<byte, float>(destination));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var part in _parts)
        {
            part.Dispose();
        }
    }

    /// <summary>Slices of a large tensor are independent, so all cores decode them at once.</summary>
    private static unsafe void ReadBlocks(ByteSource source, StoredType type, long begin, Span<float> destination)
    {
        const int Values = 1 << 18;
        int blockBytes = type.BlockBits / 8, elements = type.BlockElements, length = destination.Length;
        fixed (float* pointer = destination)
        {
            var start = (nint)pointer;
            Parallel((length + Values - 1) / Values, slice =>
            {
                int first = slice * Values, count = Math.Min(Values, length - first);
                var buffer = ArrayPool<byte>.Shared.Rent(count / elements * blockBytes);
                try
                {
                    var raw = buffer.AsSpan(0, count / elements * blockBytes);
                    source.Read(begin + ((long)first / elements * blockBytes), raw);
                    GgufBlocks.Dequantize(type, raw, new Span<float>((float*)start + first, count));
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            });
        }
    }

    private static void Parallel(int slices, Action<int> decode)
    {
        try
        {
            System.Threading.Tasks.Parallel.For(0, slices, decode);
        }
        catch (AggregateException e) when (e.InnerExceptions.All(i => i is InvalidCheckpointException))
        {
            throw new InvalidCheckpointException(((InvalidCheckpointException)e.InnerExceptions[0]).File, ((InvalidCheckpointException)e.InnerExceptions[0]).Problem, e);
        }
    }

    private void Add(ByteSource part, GgufHeader header)
    {
        _parts.Add(part);
        foreach (var (name, entry) in header.Entries)
        {
            if (!_tensors.TryAdd(name, entry.Tensor))
            {
                throw part.Invalid($"tensor '{name}' is in an earlier part too (a duplicate name).");
            }

            _places.Add(name, (part, entry));
        }
    }
}
