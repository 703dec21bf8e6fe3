namespace Fathom.Components;

/// <summary>Records the keys and values of a base run of one sequence, and lends their leading part to window runs.</summary>
internal sealed class RecordedPrefix : Prefix, IDisposable
{
    private readonly Dictionary<int, (Tensor Keys, Tensor Values)> _layers = [];

    private Tensor? _vectors;

    public override long Count => 0;

    /// <summary>The recorded vectors per layer, <c>[batch, pos, layer, d_ple]</c>.</summary>
    public Tensor Vectors => _vectors ?? throw new InvalidOperationException("The recorded run did not embed tokens.");

    /// <summary>The recorded keys of a layer, <c>[batch, kv_head, pos, d_head]</c>.</summary>
    public Tensor Keys(int layer) => _layers[layer].Keys;

    /// <summary>The recorded values of a layer, <c>[batch, kv_head, pos, d_head]</c>.</summary>
    public Tensor Values(int layer) => _layers[layer].Values;

    /// <summary>Lends the first <paramref name="count"/> positions of one recorded sequence.</summary>
    public SharedPrefix First(long count, long sequence = 0) => new(this, count, sequence);

    public void Dispose()
    {
        foreach (var (keys, values) in _layers.Values)
        {
            keys.Dispose();
            values.Dispose();
        }

        _layers.Clear();
        _vectors?.Dispose();
    }

    internal override void RecordVectors(Tensor vectors) => _vectors = Keep(vectors);

    internal override AttendedKeys Extend(int layer, Tensor keys, Tensor values)
    {
        _layers[layer] = (Keep(keys), Keep(values));
        return new(keys, values);
    }

    private static Tensor Keep(Tensor x) => (x.is_contiguous() ? x.clone() : x.contiguous()).DetachFromDisposeScope();
}
