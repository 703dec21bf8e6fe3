namespace Fathom.Plots;

/// <summary>Builds a <see cref="ValueList{T}"/> from a collection expression: <c>RowLabels = ["a", "b"]</c>.</summary>
public static class ValueList
{
    /// <summary>A list holding a copy of <paramref name="items"/>.</summary>
    /// <typeparam name="T">What the list holds.</typeparam>
    /// <param name="items">The items, in order.</param>
    public static ValueList<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());
}
