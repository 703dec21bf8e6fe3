namespace Fathom.Tokenization.Templates.Values;

/// <summary>A list or a tuple. Templates cannot change either, so nothing here can contain itself.</summary>
internal sealed class SequenceValue(object?[] items, bool isTuple = false, string[]? names = null)
{
    /// <summary>The empty list.</summary>
    public static SequenceValue Empty { get; } = new([]);

    /// <summary>The items in order.</summary>
    public object?[] Items => items;

    /// <summary>Whether it is a tuple.</summary>
    public bool IsTuple => isTuple;

    /// <summary>The names of the items, where a tuple has them (<c>groupby</c>).</summary>
    public string[]? Names => names;
}
