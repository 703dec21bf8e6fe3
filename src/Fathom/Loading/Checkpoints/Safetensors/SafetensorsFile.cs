using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Safetensors;

/// <summary>One safetensors file.</summary>
internal sealed class SafetensorsFile : FileCheckpoint
{
    private readonly ByteSource _source;
    private readonly SafetensorsHeader _header;

    /// <summary>Validates the header; owns the source from then on, also when it throws.</summary>
    /// <exception cref="InvalidCheckpointException">The header is broken.</exception>
    public SafetensorsFile(ByteSource source)
    {
        _source = source;
        try
        {
            _header = SafetensorsHeader.Read(source);
        }
        catch
        {
            source.Dispose();
            throw;
        }

        OrderedDictionary<string, StoredTensor> tensors = new(_header.Entries.Count, StringComparer.Ordinal);
        foreach (var (name, entry) in _header.Entries)
        {
            tensors.Add(name, entry.Tensor);
        }

        Tensors = tensors;
    }

    /// <inheritdoc/>
    public override string Source => _source.Name;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <inheritdoc/>
    internal override void ReadValues(StoredTensor tensor, long first, Span<byte> destination) =>
        ElementDecoder.Read(_source, tensor, _header.DataStart + _header.Entries[tensor.Name].Begin + (first * tensor.Type.BlockBits / 8), destination);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _source.Dispose();
}
