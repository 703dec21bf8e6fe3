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

    /// <summary>The keys and values that a block of the resumed run had at the positions before the segment and at the segment's own, for a pass in which that block does not run.</summary>
    /// <param name="layer">The block.</param>
    /// <param name="segment">The rows that read them.</param>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    internal virtual AttendedKeys Recorded(int layer, Segment segment) =>
        throw new InvalidOperationException($"A later block reads the keys and values of block {layer}, which does not run here. Start the run at block {layer} or before it.");

    /// <summary>Keeps the vectors per layer of a run's tokens, where a window run could need them.</summary>
    /// <param name="vectors"><c>[batch, length, layer, d_ple]</c>; copied if kept.</param>
    internal virtual void RecordVectors(Tensor vectors)
    {
    }

    /// <summary>The vectors per layer of a segment's tokens, as the resumed run had them, <c>[batch, length, layer, d_ple]</c>.</summary>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    internal virtual Tensor RecordedVectors(Segment segment) =>
        throw new InvalidOperationException("The model's blocks read a vector per token and layer, which a residual stream does not say. Run token ids, and replace the stream by a hook at hook_resid_pre.");

    /// <summary>The state a recurrence left behind under <paramref name="name"/>, or <see langword="null"/> at the start of a sequence.</summary>
    internal virtual Tensor? Recall(int layer, string name) => null;

    /// <summary>Remembers a recurrence's state for the next pass; the tensor is taken over (detached from scopes) if it is kept.</summary>
    internal virtual void Remember(int layer, string name, Tensor state)
    {
    }
}
