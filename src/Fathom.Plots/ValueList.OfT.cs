using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Fathom.Plots.Json;

namespace Fathom.Plots;

/// <summary>An immutable list that compares by content, so that a figure holding it is a value.</summary>
/// <typeparam name="T">What the list holds.</typeparam>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
[JsonConverter(typeof(ValueListConverterFactory))]
public sealed class ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[] items;

    internal ValueList(T[] owned) => items = owned;

    /// <summary>The list without items.</summary>
#pragma warning disable CA1000 // The empty list of a type is asked of the type.
    public static ValueList<T> Empty { get; } = new([]);
#pragma warning restore CA1000

    /// <inheritdoc/>
    public int Count => items.Length;

    /// <inheritdoc/>
    public T this[int index] => items[index];

    /// <summary>Copies an array.</summary>
    /// <param name="items">The items, in order.</param>
    public static implicit operator ValueList<T>(T[] items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new([.. items]);
    }

    /// <summary>Copies a list.</summary>
    /// <param name="items">The items, in order.</param>
    public static implicit operator ValueList<T>(List<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new([.. items]);
    }

    /// <summary>The items, without a copy.</summary>
    public ReadOnlySpan<T> AsSpan() => items;

    /// <inheritdoc/>
    public bool Equals(ValueList<T>? other) => other is not null && items.AsSpan().SequenceEqual(other.items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    /// <summary>The items between brackets, at most twelve.</summary>
    public override string ToString() => $"[{string.Join(", ", items.Take(12))}{(items.Length > 12 ? $", … {items.Length} in all" : "")}]";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
