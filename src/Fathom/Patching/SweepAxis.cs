namespace Fathom.Patching;

/// <summary>One axis of a result: what its entries are called and which indices of the model they stand for.</summary>
/// <param name="Name">The axis, e.g. <c>layer</c>, <c>pos</c>, <c>head</c>, <c>kv_head</c>.</param>
/// <param name="Labels">One label per entry, e.g. <c>(pos 5)  Hart</c>.</param>
/// <param name="Indices">The index of each entry in the model; for the layer axis, the row of the site.</param>
public sealed record SweepAxis(string Name, IReadOnlyList<string> Labels, IReadOnlyList<int> Indices)
{
    /// <summary>The number of entries.</summary>
    public int Count => Labels.Count;

    /// <inheritdoc/>
    public bool Equals(SweepAxis? other) => other is not null && Name == other.Name && Labels.SequenceEqual(other.Labels) && Indices.SequenceEqual(other.Indices);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Count);
}
