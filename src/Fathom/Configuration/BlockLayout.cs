namespace Fathom.Configuration;

/// <summary>How a block's two sublayers join the residual stream.</summary>
public enum BlockLayout
{
    /// <summary><c>mid = pre + attn(ln1 pre)</c>, <c>post = mid + mlp(ln2 mid)</c>.</summary>
    Sequential,

    /// <summary><c>post = pre + attn(ln1 pre) + mlp(ln2 pre)</c>; there is no <c>resid_mid</c>.</summary>
    Parallel,

    /// <summary>The norms act on the stream itself: <c>mid = pre + attn(pre)</c>, <c>post = ln1 mid + mlp(ln1 mid)</c>, and the next block reads <c>ln2 post</c> (BERT, OpenAI-GPT).</summary>
    NormOnStream,
}
