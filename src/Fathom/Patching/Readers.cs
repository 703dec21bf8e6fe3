using Fathom.Tensors;

namespace Fathom.Patching;

/// <summary>Readers of the residual stream, one by one along some axes, or several together as one set.</summary>
/// <remarks>A reader takes a copy of the stream, before its norm; changing what one reader sees changes nothing for the others.</remarks>
public sealed record Readers
{
    /// <summary>What reads.</summary>
    public required ReaderKind Kind { get; init; }

    /// <summary>The axes that go one by one: <see cref="Axis.Layer"/> and <see cref="Axis.Head"/>. Those left out are taken together as one set.</summary>
    public IReadOnlyList<Axis> Over { get; init; } = [];

    /// <summary>The layers meant; <see langword="null"/> for all. Negative indices count from the end.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>The heads meant (key-value heads, for keys and values of grouped queries); <see langword="null"/> for all.</summary>
    public IReadOnlyList<int>? Heads { get; init; }

    /// <summary>Further readers that belong to every set, each with all of its layers and heads.</summary>
    public IReadOnlyList<Readers> And { get; init; } = [];

    /// <summary>The queries of every head, one by one.</summary>
    public static Readers Queries { get; } = new() { Kind = ReaderKind.Queries, Over = [Axis.Layer, Axis.Head] };

    /// <summary>The keys of every head, one by one.</summary>
    public static Readers Keys { get; } = new() { Kind = ReaderKind.Keys, Over = [Axis.Layer, Axis.Head] };

    /// <summary>The values of every head, one by one.</summary>
    public static Readers Values { get; } = new() { Kind = ReaderKind.Values, Over = [Axis.Layer, Axis.Head] };

    /// <summary>Every MLP, one by one.</summary>
    public static Readers Mlps { get; } = new() { Kind = ReaderKind.Mlp, Over = [Axis.Layer] };

    /// <summary>The logits: what a sender does directly, through the final norm and the unembedding alone.</summary>
    public static Readers Logits { get; } = new() { Kind = ReaderKind.Logits };

    /// <inheritdoc/>
    public bool Equals(Readers? other) => other is not null && Kind == other.Kind && Over.SequenceEqual(other.Over) && Same(Layers, other.Layers) && Same(Heads, other.Heads) && And.SequenceEqual(other.And);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Over.Count, And.Count);

    /// <inheritdoc/>
    public override string ToString()
    {
        var own = Kind switch { ReaderKind.Mlp => "MLPs", ReaderKind.Logits => "logits", var kind => kind.ToString().ToLowerInvariant() };
        return And.Count == 0 ? own : $"{own}, {string.Join(", ", And)}";
    }

    private static bool Same(IReadOnlyList<int>? a, IReadOnlyList<int>? b) => a is null ? b is null : b is not null && a.SequenceEqual(b);
}
