using Fathom.Hooks;

namespace Fathom.Attribution;

/// <summary>Vectors of the residual stream (or numbers projected from them), one row for each label.</summary>
/// <remarks>Disposing frees the numbers; rows read by label belong to the stack.</remarks>
public sealed class ResidualRows : IDisposable
{
    private readonly Dictionary<string, int> _rows;

    /// <summary>Makes a stack.</summary>
    /// <param name="values"><c>[row, batch, pos, d_model]</c>, without the axes that slices took away. The stack owns it.</param>
    /// <param name="labels">A label for each row, all different.</param>
    /// <param name="positions">Which positions of the run the rows hold.</param>
    /// <exception cref="ArgumentException">There are not as many labels as rows, or two are the same.</exception>
    public ResidualRows(Tensor values, IReadOnlyList<string> labels, Slice positions = default)
        : this(values, labels, positions, normalized: false)
    {
    }

    internal ResidualRows(Tensor values, IReadOnlyList<string> labels, Slice positions, bool normalized)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(labels);
        if (values.shape[0] != labels.Count)
        {
            throw new ArgumentException($"A stack has a label for each row; it has {values.shape[0]} rows and {labels.Count} labels.", nameof(labels));
        }

        _rows = new(labels.Count, StringComparer.Ordinal);
        for (var i = 0; i < labels.Count; i++)
        {
            if (!_rows.TryAdd(labels[i], i))
            {
                throw new ArgumentException($"Rows are found by their labels, so each has its own; '{labels[i]}' is there twice.", nameof(labels));
            }
        }

        (Values, Labels, Positions, IsNormalized) = (values.DetachFromDisposeScope(), [.. labels], positions, normalized);
    }

    /// <summary>All rows, <c>[row, batch, pos, d_model]</c>, without the axes that slices or projections took away. It belongs to the stack.</summary>
    public Tensor Values { get; }

    /// <summary>What each row is.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Which positions of the run the rows hold.</summary>
    public Slice Positions { get; }

    /// <summary>Whether rows went through a norm already.</summary>
    public bool IsNormalized { get; }

    /// <summary>The number of rows.</summary>
    public int Count => Labels.Count;

    /// <summary>A row by its label, <c>[batch, pos, d_model]</c>: a view, which the caller may dispose.</summary>
    /// <exception cref="KeyNotFoundException">No row has the label.</exception>
    public Tensor this[string label] => _rows.TryGetValue(label, out var row)
        ? Values.select(0, row)
        : throw new KeyNotFoundException($"No row is called '{label}'.{NearestNames.Clause(label, Labels)} There are {Count}, from '{Labels[0]}' to '{Labels[^1]}'.");

    /// <summary>The sum of all rows, <c>[batch, pos, d_model]</c>. The caller disposes it.</summary>
    public Tensor Sum() => Values.sum([0L]);

    /// <inheritdoc/>
    public void Dispose() => Values.Dispose();

    /// <inheritdoc/>
    public override string ToString() => $"{Count} rows of [{string.Join(", ", Values.shape.Skip(1))}]";
}
