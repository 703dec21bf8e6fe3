namespace Fathom.Components;

/// <summary>The part of a block that works on each position by itself.</summary>
public abstract class FeedForward : Component
{
    /// <summary>Builds the part at its place.</summary>
    private protected FeedForward(PartScope scope)
        : base(scope)
    {
    }

    /// <summary>The weights that read the normalized stream; empty where a norm before this part cannot be folded.</summary>
    internal virtual IReadOnlyList<Reader> Readers => [];

    /// <summary>The weights and biases that write to the stream, each with <c>d_model</c> as its last axis.</summary>
    internal virtual IReadOnlyList<Weight> Writers => [];

    /// <summary>Computes what the part writes, before any norm or factor on it.</summary>
    /// <param name="x"><c>[rows, d_model]</c>.</param>
    /// <param name="pass">The run.</param>
    /// <returns><c>[rows, d_model]</c>.</returns>
    internal abstract Tensor Forward(Tensor x, Pass pass);
}
