using System.Collections;

namespace Fathom.Patching;

/// <summary>The prompts of one side of a sweep: a text, several texts, or token ids. It converts from each of them and compares by content.</summary>
/// <remarks>Prompts of different lengths may stand together; nothing is padded, each runs at its own length.</remarks>
public sealed class Prompts : IReadOnlyList<Prompt>, IEquatable<Prompts>
{
    private readonly Prompt[] _items;

    /// <summary>Collects prompts.</summary>
    /// <param name="items">The prompts, in order.</param>
    /// <exception cref="SweepInputException">There is none.</exception>
    public Prompts(IEnumerable<Prompt> items)
    {
        _items = [.. items];
        if (_items.Length == 0)
        {
            throw new SweepInputException("A sweep needs at least one prompt on each side; found none.");
        }
    }

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public Prompt this[int index] => _items[index];

    /// <summary>One text.</summary>
    public static implicit operator Prompts(string text) => new([new Prompt(text)]);

    /// <summary>Several texts.</summary>
    public static implicit operator Prompts(string[] texts) => new((texts ?? []).Select(t => new Prompt(t)));

    /// <summary>The ids of one sequence.</summary>
    public static implicit operator Prompts(int[] ids) => new([new Prompt(ids)]);

    /// <summary>The ids of one sequence.</summary>
    public static implicit operator Prompts(long[] ids) => new([new Prompt([.. (ids ?? []).Select(i => checked((int)i))])]);

    /// <summary>The ids of several sequences.</summary>
    public static implicit operator Prompts(int[][] rows) => new((rows ?? []).Select(r => new Prompt(r)));

    /// <summary>Token ids, <c>[batch, pos]</c> or <c>[pos]</c>; copied.</summary>
    public static implicit operator Prompts(Tensor ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.dim() is not (1 or 2) || ids.dtype is not (torch.ScalarType.Int64 or torch.ScalarType.Int32))
        {
            throw new SweepInputException($"Token ids are int64 of shape [batch, pos] or [pos]; found {ids.dtype} [{string.Join(", ", ids.shape)}].");
        }

        using var scope = torch.NewDisposeScope();
        var flat = ids.to(torch.int64).cpu().contiguous().data<long>().ToArray();
        return new(flat.Chunk((int)Math.Max(1, ids.shape[^1])).Select(row => new Prompt([.. row.Select(i => checked((int)i))])));
    }

    /// <inheritdoc/>
    public bool Equals(Prompts? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Prompts);

    /// <inheritdoc/>
    public override int GetHashCode() => _items.Aggregate(17, HashCode.Combine);

    /// <inheritdoc/>
    public IEnumerator<Prompt> GetEnumerator() => ((IEnumerable<Prompt>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => _items.Length == 1 ? _items[0].ToString() : $"{_items[0]} and {_items.Length - 1} more";
}
