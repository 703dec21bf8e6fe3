namespace Fathom.Tensors;

/// <summary>A named tensor axis: the library's one vocabulary for shapes and for what a sweep runs over.</summary>
/// <param name="Name">The axis name as the field writes it, e.g. <c>d_head</c>.</param>
public readonly record struct Axis(string Name)
{
    /// <summary>Layer index.</summary>
    public static Axis Layer { get; } = new("layer");

    /// <summary>Token position.</summary>
    public static Axis Position { get; } = new("pos");

    /// <summary>Attention head; the key-value head where queries are grouped and the site is a key or a value.</summary>
    public static Axis Head { get; } = new("head");

    /// <summary>Position of the query that attends (the destination).</summary>
    public static Axis Destination { get; } = new("query_pos");

    /// <summary>Position of the key that is attended to (the source).</summary>
    public static Axis Source { get; } = new("key_pos");

    /// <summary>Hidden unit of an MLP.</summary>
    public static Axis Neuron { get; } = new("d_mlp");

    /// <summary>Expert of a mixture.</summary>
    public static Axis Expert { get; } = new("expert");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
