using System.Numerics;
using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>A validated GGUF header: metadata, and tensors whose data follow one another in file order.</summary>
/// <remarks>Source: the GGUF specification, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.</remarks>
internal sealed class GgufHeader
{
    private const int MostDimensions = 4, LongestName = 64;
    private const long DefaultAlignment = 32;
    private const string AlignmentKey = "general.alignment";

    private GgufHeader(GgufMetadata metadata, OrderedDictionary<string, GgufEntry> entries)
    {
        Metadata = metadata;
        Entries = entries;
    }

    /// <summary>The key-value pairs.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>The tensors, in file order.</summary>
    public OrderedDictionary<string, GgufEntry> Entries { get; }

    /// <summary>Reads and validates a header.</summary>
    /// <exception cref="InvalidCheckpointException">The first thing that is wrong.</exception>
    public static GgufHeader Read(ByteSource source)
    {
        ByteCursor cursor = new(source);
        if (source.Length < 4 || !cursor.Take(4, "the magic").SequenceEqual("GGUF"u8))
        {
            throw source.Invalid($"a GGUF file begins with 'GGUF'; this one looks like {FileKind.Describe(source)}.");
        }

        var version = cursor.UInt32("the version");
        if ((version & 0xFFFF) == 0 && version != 0)
        {
            throw source.Invalid("the file is big-endian, which is not supported; convert the model on a little-endian machine.");
        }

        if (version is not (2 or 3))
        {
            throw source.Invalid($"version {version} is not supported; versions 2 and 3 are. Convert the model again with a current llama.cpp.");
        }

        var tensorCount = cursor.UInt64("the tensor count");
        var metadata = new GgufMetadataReader(source, cursor).Read(cursor.UInt64("the metadata count"));
        GgufMetadata typed = new(source.Name, metadata);
        var infos = ReadInfos(source, cursor, tensorCount);
        return new(typed, Place(source, infos, cursor.Position, Alignment(source, typed)));
    }

    private static long Alignment(ByteSource source, GgufMetadata metadata)
    {
        // The specification says u32; a writer that used another integer width meant the same number.
        var alignment = metadata.Contains(AlignmentKey) ? metadata.Integer(AlignmentKey)!.Value : DefaultAlignment;
        return alignment is >= 1 and <= int.MaxValue + 1L && BitOperations.IsPow2(alignment)
            ? alignment
            : throw source.Invalid($"{AlignmentKey} is {alignment}; a power of two is expected.");
    }

    private static List<(StoredTensor Tensor, ulong Offset)> ReadInfos(ByteSource source, ByteCursor cursor, ulong claimed)
    {
        var count = cursor.Count(claimed, 24, "the tensor list");
        List<(StoredTensor, ulong)> infos = [];
        for (var i = 0; i < count; i++)
        {
            var length = cursor.UInt64($"the name of tensor {i}");
            if (length > LongestName)
            {
                throw source.Invalid($"the name of tensor {i} has {length} bytes; at most {LongestName} are allowed.");
            }

            var name = cursor.Text(length, $"the name of tensor {i}");
            infos.Add((Info(source, cursor, name), cursor.UInt64($"the offset of '{name}'")));
        }

        return infos;
    }

    private static StoredTensor Info(ByteSource source, ByteCursor cursor, string name)
    {
        var rank = cursor.UInt32($"the rank of '{name}'");
        if (rank is 0 or > MostDimensions)
        {
            throw source.Invalid($"tensor '{name}' has {rank} dimensions; 1 to {MostDimensions} are allowed.");
        }

        var shape = new long[rank];
        Int128 values = 1;
        for (var i = 0; i < rank; i++)
        {
            // The file lists the contiguous dimension first; shapes here list it last.
            var size = cursor.UInt64($"the dimensions of '{name}'");
            if (size is 0 or > long.MaxValue || (values *= size) > long.MaxValue)
            {
                throw source.Invalid($"dimension {i} of tensor '{name}' is {size}; sizes start at 1 and their product must stay below 2^63 (overflow).");
            }

            shape[rank - 1 - i] = (long)size;
        }

        var type = GgufTypes.Find(source, name, cursor.UInt32($"the type of '{name}'"));
        if (shape[^1] % type.BlockElements != 0)
        {
            throw source.Invalid($"rows of tensor '{name}' have {shape[^1]} values, which is not a whole number of {type.Label} blocks of {type.BlockElements}.");
        }

        var bytes = values / type.BlockElements * (type.BlockBits / 8);
        return bytes <= source.Length ? new(name, type, shape, (long)bytes) : throw source.Invalid(
            $"tensor '{name}' needs {bytes} bytes, but the whole file has {source.Length}: it is truncated or hostile.");
    }

    private static OrderedDictionary<string, GgufEntry> Place(ByteSource source, List<(StoredTensor Tensor, ulong Offset)> infos, long headerEnd, long alignment)
    {
        OrderedDictionary<string, GgufEntry> entries = new(StringComparer.Ordinal);
        Int128 start = Align(headerEnd, alignment), next = 0, end = headerEnd;
        foreach (var (tensor, offset) in infos)
        {
            // Every known writer stores data without gaps in the order of the list. Demanding it rules out overlaps,
            // misaligned and wrapping offsets at once.
            if (offset != (UInt128)next)
            {
                throw source.Invalid($"the offset of tensor '{tensor.Name}' is {offset}, but the aligned end of the tensors before it is {next}: data must follow one another without gaps or overlap.");
            }

            end = start + next + tensor.ByteLength;
            if (end > source.Length)
            {
                throw source.Invalid($"the data of tensor '{tensor.Name}' ends at byte {end}, but the file has {source.Length}: it is truncated.");
            }

            if (!entries.TryAdd(tensor.Name, new(tensor, (long)(start + next))))
            {
                throw source.Invalid($"tensor '{tensor.Name}' is given twice (a duplicate name).");
            }

            next = Align(next + tensor.ByteLength, alignment);
        }

        if (source.Length > Align(end, alignment))
        {
            throw source.Invalid($"the tensors end at byte {end}, but the file has {source.Length}: the rest belongs to no tensor.");
        }

        return entries;
    }

    private static Int128 Align(Int128 position, long alignment) => (position + alignment - 1) / alignment * alignment;
}
