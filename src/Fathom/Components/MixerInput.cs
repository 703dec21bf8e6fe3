namespace Fathom.Components;

/// <summary>What a mixer reads: usually one normalized stream, or separate ones for queries, keys and values when someone split them.</summary>
/// <param name="Queries">Read by queries: <c>[rows, d_model]</c>, or <c>[rows, head, d_model]</c> when split per head.</param>
/// <param name="Keys">Read by keys.</param>
/// <param name="Values">Read by values.</param>
internal readonly record struct MixerInput(Tensor Queries, Tensor Keys, Tensor Values)
{
    /// <summary>One stream for all readers.</summary>
    public MixerInput(Tensor all)
        : this(all, all, all)
    {
    }
}
