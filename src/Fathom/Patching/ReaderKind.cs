namespace Fathom.Patching;

/// <summary>What a reader of the residual stream is.</summary>
public enum ReaderKind
{
    /// <summary>The queries of attention heads.</summary>
    Queries,

    /// <summary>The keys of attention heads (of key-value heads, where queries are grouped).</summary>
    Keys,

    /// <summary>The values of attention heads (of key-value heads, where queries are grouped).</summary>
    Values,

    /// <summary>The MLP of a layer.</summary>
    Mlp,

    /// <summary>The final norm and the unembedding.</summary>
    Logits,
}
