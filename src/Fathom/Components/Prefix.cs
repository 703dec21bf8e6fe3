namespace Fathom.Components;

/// <summary>What a run remembers of the positions before its own: nothing, a growing cache, or the recorded keys and values of a base run.</summary>
public abstract class Prefix
{
    /// <summary>The number of positions remembered when a pass starts.</summary>
    public abstract long Count { get; }

    /// <summary>Joins the pass's own keys and values to those remembered.</summary>
    /// <param name="layer">The block.</param>
    /// <param name="keys">Own keys, rotated, <c>[batch, kv_head, length, d_head]</c>.</param>
    /// <param name="values">Own values, <c>[batch, kv_head, length, d_head]</c>.</param>
    internal abstract AttendedKeys Extend(int layer, Tensor keys, Tensor values);

    /// <summary>The state a recurrence left behind under <paramref name="name"/>, or <see langword="null"/> at the start of a sequence.</summary>
    internal virtual Tensor? Recall(int layer, string name) => null;

    /// <summary>Remembers a recurrence's state for the next pass; the tensor is taken over (detached from scopes) if it is kept.</summary>
    internal virtual void Remember(int layer, string name, Tensor state)
    {
    }
}
