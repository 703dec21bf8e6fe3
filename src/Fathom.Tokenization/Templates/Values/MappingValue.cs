using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>A dictionary that keeps the order of insertion. It is filled once and then only read.</summary>
internal sealed class MappingValue
{
    private readonly List<KeyValuePair<object?, object?>> _items = [];
    private readonly Dictionary<HashKey, int> _index = [];

    /// <summary>Keys and values in order.</summary>
    public IReadOnlyList<KeyValuePair<object?, object?>> Items => _items;

    /// <summary>The keys that are text.</summary>
    public IEnumerable<string> TextKeys => _items.Select(i => i.Key).OfType<string>();

    /// <summary>Adds or replaces a value; a replaced one keeps its place and its first key.</summary>
    public void Set(Rendering run, object? key, object? value)
    {
        var hash = HashKey.Of(run, key);
        if (_index.TryGetValue(hash, out var at))
        {
            _items[at] = new(_items[at].Key, value);
            return;
        }
        _index.Add(hash, _items.Count);
        _items.Add(new(key, value));
    }

    /// <summary>Looks a key up.</summary>
    public bool TryGet(Rendering run, object? key, out object? value)
    {
        var found = _index.TryGetValue(HashKey.Of(run, key), out var at);
        value = found ? _items[at].Value : null;
        return found;
    }
}
