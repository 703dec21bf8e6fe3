namespace Fathom.Components;

/// <summary>Keys and values of all positions so far, in storage that doubles, plus what recurrences left behind.</summary>
internal sealed class GrowingPrefix : Prefix, IDisposable
{
    private readonly Dictionary<int, (Tensor Keys, Tensor Values)> _layers = [];
    private readonly Dictionary<(int, string), Tensor> _states = [];
    private readonly Dictionary<(int, string), Tensor> _next = [];
    private long _count;
    private long _capacity;

    public override long Count => _count;

    /// <summary>The bytes held.</summary>
    public long Bytes => _layers.Values.SelectMany(l => new[] { l.Keys, l.Values }).Concat(_states.Values).Sum(t => t.numel() * t.element_size());

    /// <summary>Makes room for more positions.</summary>
    /// <param name="length">How many.</param>
    /// <param name="most">The number that will never be exceeded.</param>
    public void Reserve(long length, long most)
    {
        var needed = _count + length;
        if (needed > _capacity)
        {
            _capacity = Math.Max(needed, Math.Min(most, Math.Max(64, 2 * needed)));
        }
    }

    /// <summary>Counts positions that every layer has stored, and takes over the states that their run left behind.</summary>
    public void Advance(long length)
    {
        _count += length;
        foreach (var (key, state) in _next)
        {
            _states.GetValueOrDefault(key)?.Dispose();
            _states[key] = state;
        }

        _next.Clear();
    }

    public void Dispose()
    {
        foreach (var tensor in _layers.Values.SelectMany(l => new[] { l.Keys, l.Values }).Concat(_states.Values).Concat(_next.Values))
        {
            tensor.Dispose();
        }

        _layers.Clear();
        _states.Clear();
        _next.Clear();
    }

    internal override AttendedKeys Extend(int layer, Tensor keys, Tensor values)
    {
        var length = keys.shape[2];
        if (!_layers.TryGetValue(layer, out var held) || held.Keys.shape[2] < _count + length)
        {
            held = (Grown(held.Keys, keys), Grown(held.Values, values));
            _layers[layer] = held;
        }

        held.Keys.narrow(2, _count, length).copy_(keys);
        held.Values.narrow(2, _count, length).copy_(values);
        return new(held.Keys.narrow(2, 0, _count + length), held.Values.narrow(2, 0, _count + length));
    }

    internal override Tensor? Recall(int layer, string name) => _states.GetValueOrDefault((layer, name));

    /// <summary>States wait for the end of their run: one that fails halfway leaves those of the run before.</summary>
    internal override void Remember(int layer, string name, Tensor state)
    {
        if (_next.Remove((layer, name), out var failed))
        {
            failed.Dispose();
        }

        _next[(layer, name)] = state.DetachFromDisposeScope();
    }

    private Tensor Grown(Tensor? old, Tensor like)
    {
        var grown = torch.empty([like.shape[0], like.shape[1], _capacity, like.shape[3]], like.dtype, like.device).DetachFromDisposeScope();
        if (old is not null)
        {
            using var kept = grown.narrow(2, 0, _count);
            using var source = old.narrow(2, 0, _count);
            kept.copy_(source);
            old.Dispose();
        }

        return grown;
    }
}
