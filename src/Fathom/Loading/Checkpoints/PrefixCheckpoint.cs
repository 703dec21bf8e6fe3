namespace Fathom.Loading.Checkpoints;

/// <summary>Part of a checkpoint under shorter names.</summary>
internal sealed class PrefixCheckpoint : Checkpoint
{
    private readonly Checkpoint _inner;
    private readonly string _prefix;

    public PrefixCheckpoint(Checkpoint inner, string prefix)
    {
        _inner = inner;
        _prefix = prefix;
        OrderedDictionary<string, StoredTensor> tensors = new(StringComparer.Ordinal);
        foreach (var stored in inner.Tensors.Values.Where(t => t.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            tensors.Add(stored.Name[prefix.Length..], stored with { Name = stored.Name[prefix.Length..] });
        }

        Tensors = tensors.Count > 0 ? tensors : throw new KeyNotFoundException(
            $"{inner.Source} has no tensor whose name starts with '{prefix}'. The nearest of its {inner.Tensors.Count} names: {NearestNames.List(prefix, inner.Tensors.Keys)}.");
    }

    /// <inheritdoc/>
    public override string Source => _inner.Source;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata => _inner.Metadata;

    /// <inheritdoc/>
    public override Tensor Read(string name) => _inner.Read(_prefix + Find(name).Name);

    /// <inheritdoc/>
    internal override bool ReadsRows(string name) => _inner.ReadsRows(_prefix + Find(name).Name);

    /// <inheritdoc/>
    internal override void ReadRows(string name, long first, Tensor rows) => _inner.ReadRows(_prefix + Find(name).Name, first, rows);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _inner.Dispose();
}
