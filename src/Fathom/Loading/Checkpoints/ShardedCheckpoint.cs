namespace Fathom.Loading.Checkpoints;

/// <summary>Several files that hold one checkpoint, joined by an index.</summary>
internal sealed class ShardedCheckpoint : Checkpoint
{
    private readonly Dictionary<string, Checkpoint> _shards = new(StringComparer.Ordinal);
    private readonly ShardIndex _index;

    /// <summary>Opens every shard's header and checks it against the index.</summary>
    /// <param name="indexPath">The index file; shards lie beside it.</param>
    /// <param name="index">The validated index.</param>
    /// <param name="open">Opens one shard by its path.</param>
    /// <exception cref="InvalidCheckpointException">A shard is missing or broken, or holds other tensors than the index says.</exception>
    public ShardedCheckpoint(string indexPath, ShardIndex index, Func<string, Checkpoint> open)
    {
        Source = indexPath;
        _index = index;
        var folder = Path.GetDirectoryName(Path.GetFullPath(indexPath))!;
        try
        {
            foreach (var shard in index.Shards)
            {
                var path = Path.Combine(folder, shard);
                _shards.Add(shard, File.Exists(path) ? open(path) : throw new InvalidCheckpointException(
                    indexPath, $"shard {shard} is missing: the index names {index.Shards.Count} files. Download the rest of the model."));
            }

            Tensors = Join();
        }
        catch
        {
            Dispose(disposing: true);
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Source { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata => _shards[_index.Shards[0]].Metadata;

    /// <inheritdoc/>
    public override Tensor Read(string name) => Shard(name).Read(name);

    /// <inheritdoc/>
    internal override bool ReadsRows(string name) => Shard(name).ReadsRows(name);

    /// <inheritdoc/>
    internal override void ReadRows(string name, long first, Tensor rows) => Shard(name).ReadRows(name, first, rows);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var shard in _shards.Values)
        {
            shard.Dispose();
        }
    }

    private Checkpoint Shard(string name) => _shards[_index.ShardOf[Find(name).Name]];

    private OrderedDictionary<string, StoredTensor> Join()
    {
        foreach (var (shard, checkpoint) in _shards)
        {
            foreach (var name in checkpoint.Tensors.Keys)
            {
                if (!_index.ShardOf.TryGetValue(name, out var home) || home != shard)
                {
                    throw new InvalidCheckpointException(Source, $"shard {shard} holds the tensor '{name}', which the index {(home is null ? "does not list" : $"places in {home}")}. The files do not belong together.");
                }
            }
        }

        OrderedDictionary<string, StoredTensor> tensors = new(StringComparer.Ordinal);
        foreach (var (name, shard) in _index.ShardOf)
        {
            tensors.Add(name, _shards[shard].Tensors.TryGetValue(name, out var stored) ? stored : throw new InvalidCheckpointException(
                Source, $"the index places the tensor '{name}' in {shard}, which does not hold it. The files do not belong together."));
        }

        return tensors;
    }
}
