using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.Patterns;

/// <summary>A parsed pattern.</summary>
internal abstract record Node
{
    /// <summary>Nothing.</summary>
    public sealed record Empty : Node;

    /// <summary>One scalar of a set.</summary>
    public sealed record Set(ScalarSet Scalars) : Node;

    /// <summary>One after the other.</summary>
    public sealed record Sequence(IReadOnlyList<Node> Items) : Node;

    /// <summary>The first that leads to a match.</summary>
    public sealed record Choice(IReadOnlyList<Node> Items) : Node;

    /// <summary>Again and again; <paramref name="Max"/> below zero is without limit.</summary>
    public sealed record Repeat(Node Item, int Min, int Max, RepeatKind Kind) : Node;

    /// <summary>A condition on the place that takes no text.</summary>
    public sealed record Assertion(AssertionKind Kind) : Node;

    /// <summary>What must (or must not) follow or come before.</summary>
    public sealed record Look(Node Item, bool Behind, bool Negative) : Node;

    /// <summary>Matches one way only, without going back into it.</summary>
    public sealed record Atomic(Node Item) : Node;

    /// <summary>One extended grapheme cluster, <c>\X</c>.</summary>
    public sealed record Cluster : Node;

    /// <summary>How many scalars a match has, if that is fixed.</summary>
    public int? Width() => this switch
    {
        Set => 1,
        Empty or Assertion or Look => 0,
        Sequence sequence => sequence.Items.Aggregate((int?)0, (sum, item) => sum + item.Width()),
        Choice choice => choice.Items.Select(item => item.Width()).Distinct().ToList() is [{ } width] ? width : null,
        Repeat repeat => repeat.Min == repeat.Max ? repeat.Item.Width() * repeat.Min : null,
        Atomic atomic => atomic.Item.Width(),
        _ => null,
    };

    /// <summary>Whether it can match nothing.</summary>
    public bool Nullable() => this switch
    {
        Set or Cluster => false,
        Sequence sequence => sequence.Items.All(item => item.Nullable()),
        Choice choice => choice.Items.Any(item => item.Nullable()),
        Repeat repeat => repeat.Min == 0 || repeat.Item.Nullable(),
        Atomic atomic => atomic.Item.Nullable(),
        _ => true,
    };
}
