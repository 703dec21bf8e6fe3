using System.Buffers.Binary;
using System.Text.Json;
using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Safetensors;

/// <summary>A validated safetensors header: every tensor's place, without holes, overlaps or bytes that nobody owns.</summary>
/// <remarks>Source: the safetensors format, https://github.com/huggingface/safetensors.</remarks>
internal sealed class SafetensorsHeader
{
    /// <summary>The largest header accepted, in bytes; the reference reader has the same limit.</summary>
    public const long LargestHeader = 100_000_000;

    private SafetensorsHeader(OrderedDictionary<string, SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata, long dataStart)
    {
        Entries = entries;
        Metadata = metadata;
        DataStart = dataStart;
    }

    /// <summary>The tensors, in header order.</summary>
    public OrderedDictionary<string, SafetensorsEntry> Entries { get; }

    /// <summary>The text under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Position of the first tensor byte in the file.</summary>
    public long DataStart { get; }

    /// <summary>Reads and validates the header of a file.</summary>
    /// <exception cref="InvalidCheckpointException">The first thing that is wrong.</exception>
    public static SafetensorsHeader Read(ByteSource source)
    {
        if (source.Length < 8)
        {
            throw source.Invalid($"a safetensors file starts with 8 bytes of header length, but this one has {source.Length}; it is truncated or {FileKind.Describe(source)}.");
        }

        Span<byte> prefix = stackalloc byte[8];
        source.Read(0, prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LargestHeader)
        {
            throw source.Invalid($"the header length {length} is over the cap of {LargestHeader} bytes{Beyond(source, length).Replace(" is", " and", StringComparison.Ordinal)}; it looks like {FileKind.Describe(source)}.");
        }

        if (length > (ulong)source.Length - 8)
        {
            throw source.Invalid($"the header length {length}{Beyond(source, length)}; the file is truncated or looks like {FileKind.Describe(source)}.");
        }

        var json = source.Read(8, (int)length);
        try
        {
            var (entries, metadata) = new SafetensorsHeaderReader(source, json).Read();
            SafetensorsHeader header = new(entries, metadata, 8 + (long)length);
            header.CheckLayout(source);
            return header;
        }
        catch (JsonException e)
        {
            var cut = e.BytePositionInLine is { } at && at >= json.Length ? " (the header ends too early)" : "";
            throw source.Invalid($"the header is not JSON as safetensors allows it{cut}: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw source.Invalid($"the header holds text that is not Unicode (broken UTF-8 or a lone surrogate): {e.Message}", e);
        }
    }

    private static string Beyond(ByteSource source, ulong length) =>
        length > (ulong)source.Length - 8 ? $" is beyond the file, which has {source.Length - 8} bytes after it" : "";

    private void CheckLayout(ByteSource source)
    {
        long expected = 0, data = source.Length - DataStart;
        foreach (var entry in Entries.Values.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.Begin != expected)
            {
                var fault = entry.Begin > expected ? "leaves a hole" : "overlaps its neighbour";
                throw source.Invalid($"tensor '{entry.Tensor.Name}' begins at {entry.Begin} but the tensors before it end at {expected}: it {fault}, so the layout is not contiguous.");
            }

            if (entry.End > data)
            {
                throw source.Invalid($"tensor '{entry.Tensor.Name}' ends at {entry.End}, beyond the data, which has {data} bytes: the file is truncated.");
            }

            expected = entry.End;
        }

        if (expected != data)
        {
            throw source.Invalid($"the tensors end at {expected} but {data} bytes of data follow the header: {data - expected} bytes belong to no tensor.");
        }
    }
}
