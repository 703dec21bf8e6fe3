namespace Fathom.Tokenization.Templates.Values;

/// <summary>The result of a filter that is a generator in the reference: it can be gone through once, and has no length and no text.</summary>
internal sealed class OneShot(IReadOnlyList<object?> items)
{
    private int _next;

    /// <summary>The items that nobody has taken yet; afterwards there are none.</summary>
    public IReadOnlyList<object?> TakeRest()
    {
        var rest = _next == 0 ? items : [.. items.Skip(_next)];
        _next = items.Count;
        return rest;
    }

    /// <summary>Takes the next item.</summary>
    public bool TryTake(out object? item)
    {
        item = _next < items.Count ? items[_next] : null;
        return _next++ < items.Count;
    }
}
