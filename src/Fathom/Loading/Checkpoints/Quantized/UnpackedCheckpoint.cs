namespace Fathom.Loading.Checkpoints.Quantized;

/// <summary>A checkpoint whose packed weights are presented unpacked, in the place of their first part.</summary>
internal sealed class UnpackedCheckpoint : Checkpoint
{
    private readonly Checkpoint _inner;
    private readonly Dictionary<string, PackedTensor> _packed;
    private readonly OrderedDictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    public UnpackedCheckpoint(Checkpoint inner, IReadOnlyList<PackedTensor> packed)
    {
        _inner = inner;
        _packed = packed.ToDictionary(p => p.Name, StringComparer.Ordinal);
        Dictionary<string, PackedTensor> byPart = new(StringComparer.Ordinal);
        foreach (var (part, owner) in packed.SelectMany(p => p.Parts.Select(part => (part, p))))
        {
            byPart.Add(part, owner);
        }

        foreach (var (name, stored) in inner.Tensors)
        {
            if (!byPart.TryGetValue(name, out var owner))
            {
                _tensors.Add(name, stored);
            }
            else if (!_tensors.ContainsKey(owner.Name))
            {
                _tensors.Add(owner.Name, new(owner.Name, owner.Type, owner.Shape, owner.Parts.Sum(p => inner.Tensors[p].ByteLength)));
            }
        }
    }

    /// <inheritdoc/>
    public override string Source => _inner.Source;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata => _inner.Metadata;

    /// <inheritdoc/>
    public override Tensor Read(string name)
    {
        if (!_packed.TryGetValue(Find(name).Name, out var packed))
        {
            return _inner.Read(name);
        }

        Native.NativeLibraries.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        return packed.Unpack(ReadPart).contiguous().DetachFromDisposeScope();

        Tensor ReadPart(string part)
        {
            var tensor = _inner.Read(part);
            scope.Attach(tensor);
            return tensor;
        }
    }

    /// <inheritdoc/>
    internal override bool ReadsRows(string name) => !_packed.ContainsKey(name) && _inner.ReadsRows(name);

    /// <inheritdoc/>
    internal override void ReadRows(string name, long first, Tensor rows) => _inner.ReadRows(name, first, rows);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _inner.Dispose();
}
