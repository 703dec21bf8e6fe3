using Fathom.Tensors;

namespace Fathom.Attribution;

/// <summary>Which entries of an axis: all, one (the axis goes), a range, or a list (the axis stays).</summary>
/// <remarks>Conversions make it from <c>^1</c> or <c>-1</c>, <c>2..6</c> and <c>new[] { 0, 4, 8 }</c>.</remarks>
public readonly struct Slice
{
    private readonly Index? _one;
    private readonly Range? _range;
    private readonly int[]? _list;

    private Slice(Index? one, Range? range, int[]? list) => (_one, _range, _list) = (one, range, list);

    /// <summary>Every entry.</summary>
    public static Slice All => default;

    /// <summary>Whether one entry is taken, so that the axis goes.</summary>
    public bool IsOne => _one is not null;

    /// <summary>One entry; <c>^1</c> is the last.</summary>
    public static implicit operator Slice(Index index) => new(index, null, null);

    /// <summary>One entry; negative numbers count from the end.</summary>
    public static implicit operator Slice(int index) => new(index < 0 ? ^-index : index, null, null);

    /// <summary>A range of entries.</summary>
    public static implicit operator Slice(Range range) => new(null, range, null);

    /// <summary>Entries by number, negative ones from the end.</summary>
    public static implicit operator Slice(int[] entries) => new(null, null, [.. entries]);

    /// <summary>The entries' numbers on an axis of <paramref name="length"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An entry lies outside.</exception>
    public IReadOnlyList<int> Indices(int length)
    {
        if (_one is { } one)
        {
            return [Within(one.GetOffset(length), length)];
        }

        if (_list is { } list)
        {
            return [.. list.Select(i => Within(i < 0 ? length + i : i, length))];
        }

        var (offset, count) = (_range ?? Range.All) is var range && range.Start.GetOffset(length) is var start && range.End.GetOffset(length) is var end && start >= 0 && end <= length && start <= end
            ? (start, end - start)
            : throw new ArgumentOutOfRangeException(nameof(length), $"The range {_range} does not lie within an axis of {length}.");
        return [.. Enumerable.Range(offset, count)];
    }

    /// <summary>Takes the entries of one axis of a tensor. The result is new or a view; the caller disposes it.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">An entry lies outside.</exception>
    public Tensor Apply(Tensor x, int axis)
    {
        ArgumentNullException.ThrowIfNull(x);
        var indices = Indices((int)x.shape[axis < 0 ? (int)x.dim() + axis : axis]);
        if (IsOne)
        {
            return x.select(axis, indices[0]);
        }

        if (_list is null)
        {
            return x.narrow(axis, indices.Count == 0 ? 0 : indices[0], indices.Count);
        }

        using var index = torch.tensor([.. indices.Select(i => (long)i)], torch.int64, x.device);
        return x.index_select(axis, index);
    }

    /// <inheritdoc/>
    public override string ToString() => _one?.ToString() ?? (_list is { } list ? $"[{string.Join(", ", list)}]" : (_range ?? Range.All).ToString());

    private static int Within(int index, int length) => index >= 0 && index < length
        ? index
        : throw new ArgumentOutOfRangeException(nameof(index), $"Entry {index} does not lie on an axis of {length}; it runs from 0 to {length - 1}.");
}
