namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>What llama.cpp's converter did to a tensor's values, and so what reading undoes.</summary>
internal enum GgufChange
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Query rows went from half-split to neighbouring pairs, head by head.</summary>
    PairedQueryRows,

    /// <summary>Key rows went from half-split to neighbouring pairs, key-value head by key-value head.</summary>
    PairedKeyRows,

    /// <summary>A norm's weights were stored with 1 added. Biases are untouched.</summary>
    PlusOne,

    /// <summary>A matrix was transposed. Biases are untouched.</summary>
    Transposed,

    /// <summary>Fused rows went from <c>[head, 3, d_head]</c> to <c>[3, head, d_head]</c>.</summary>
    FusedByHead,

    /// <summary>Fused rows went from <c>[kv_head, queries of it + key + value, d_head]</c> to all queries, all keys, all values.</summary>
    FusedByGroup,

    /// <summary>One matrix for each expert was stacked to <c>[expert, out, in]</c>.</summary>
    StackedExperts,
}
