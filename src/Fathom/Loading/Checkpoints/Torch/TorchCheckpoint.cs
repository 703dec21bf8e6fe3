using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Pickles;

namespace Fathom.Loading.Checkpoints.Torch;

/// <summary>A file by <c>torch.save</c>: a pickle of inert values, and storages that tensors are views of.</summary>
internal sealed class TorchCheckpoint : FileCheckpoint
{
    private readonly ByteSource _source;
    private readonly TorchTree _tree;
    private readonly IReadOnlyDictionary<string, TorchRecord> _records;
    private readonly bool _bigEndian;
    private readonly HashSet<TorchRecord> _checked = new(ReferenceEqualityComparer.Instance);
    private readonly OrderedDictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>A checkpoint whose pickle and storages were validated.</summary>
    public TorchCheckpoint(ByteSource source, TorchTree tree, IReadOnlyDictionary<string, TorchRecord> records, bool bigEndian)
    {
        _source = source;
        _tree = tree;
        _records = records;
        _bigEndian = bigEndian;
        foreach (var (name, tensor) in tree.Tensors)
        {
            StoredTensor stored = new(name, tensor.Type, tensor.Shape, 0);
            _tensors.Add(name, stored with { ByteLength = checked(stored.Count * tensor.Type.BlockBits / 8) });
        }
    }

    /// <inheritdoc/>
    public override string Source => _source.Name;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    /// <inheritdoc/>
    /// <remarks>The numbers and texts beside the tensors, such as <c>epoch</c> or <c>model_args/n_layer</c>.</remarks>
    public override IReadOnlyDictionary<string, string> Metadata => _tree.Values;

    /// <inheritdoc/>
    internal override void ReadValues(StoredTensor tensor, long first, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (destination.IsEmpty)
        {
            return;
        }

        var view = _tree.Tensors[tensor.Name];
        var record = _records[view.Storage.Root];
        lock (_checked)
        {
            if (!_checked.Contains(record))
            {
                record.Check?.Invoke();
                _checked.Add(record);
            }
        }

        new TorchViewReader(_source, tensor, view, record.Begin, _bigEndian).Read(first, destination);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _source.Dispose();
}
