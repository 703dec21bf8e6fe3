using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>Attention whose queries come from the decoder's stream and whose keys and values come from the encoder's output, hookable at every intermediate.</summary>
/// <remarks>
/// <c>scores = q·kᵀ·scale + mask</c>, <c>pattern = softmax(scores)</c>, <c>z = pattern·v</c>, <c>out = Σ_head z·W_O + b_O</c>. No relative bias and no rotation enter the scores, in T5 neither.
/// On a cache keys and values are computed once; <c>hook_k</c> and <c>hook_v</c> fire at every step all the same and see those of the whole input.
/// Source: Vaswani et al. 2017 (arXiv:1706.03762) §3.2.3; Raffel et al. 2019 (arXiv:1910.10683).
/// </remarks>
public sealed class CrossAttention : Component
{
    internal CrossAttention(PartScope outer, CrossAttentionConfig config)
        : base(outer)
    {
        var scope = outer.With(("head", config.NHeads), ("d_head", config.DHead));
        Config = config;
        WQ = scope.Weight("W_Q", "head d_model d_head", "d_model (head d_head)");
        WK = scope.Weight("W_K", "head d_model d_head", "d_model (head d_head)");
        WV = scope.Weight("W_V", "head d_model d_head", "d_model (head d_head)");
        WO = scope.Weight("W_O", "head d_head d_model", "(head d_head) d_model");
        BQ = scope.Weight("b_Q", "head d_head", required: config.QkvBias);
        BK = scope.Weight("b_K", "head d_head", required: config.QkvBias);
        BV = scope.Weight("b_V", "head d_head", required: config.QkvBias);
        BO = scope.Weight("b_O", "d_model", required: config.OutputBias);
        HookQ = scope.Point("hook_q", "batch pos head d_head");
        HookK = scope.Point("hook_k", "batch source_pos head d_head");
        HookV = scope.Point("hook_v", "batch source_pos head d_head");
        HookAttnScores = scope.Point("hook_attn_scores", "batch head query_pos key_pos");
        HookPattern = scope.Point("hook_pattern", "batch head query_pos key_pos");
        HookZ = scope.Point("hook_z", "batch pos head d_head");
        HookResult = scope.Point("hook_result", "batch pos head d_model", optional: true);
    }

    /// <summary>Query weights, which read the decoder's stream.</summary>
    public Weight WQ { get; }

    /// <summary>Key weights, which read the encoder's output.</summary>
    public Weight WK { get; }

    /// <summary>Value weights, which read the encoder's output.</summary>
    public Weight WV { get; }

    /// <summary>Output weights.</summary>
    public Weight WO { get; }

    /// <summary>Query biases.</summary>
    public Weight BQ { get; }

    /// <summary>Key biases.</summary>
    public Weight BK { get; }

    /// <summary>Value biases.</summary>
    public Weight BV { get; }

    /// <summary>Output bias.</summary>
    public Weight BO { get; }

    /// <summary>Queries.</summary>
    public HookPoint HookQ { get; }

    /// <summary>Keys, one for each position of the input.</summary>
    public HookPoint HookK { get; }

    /// <summary>Values, one for each position of the input.</summary>
    public HookPoint HookV { get; }

    /// <summary>Scaled and masked scores, in nats; <c>key_pos</c> runs over the input.</summary>
    public HookPoint HookAttnScores { get; }

    /// <summary>Attention probabilities over the input; each row sums to one.</summary>
    public HookPoint HookPattern { get; }

    /// <summary>Each head's mixed values, as <c>W_O</c> reads them.</summary>
    public HookPoint HookZ { get; }

    /// <summary>What each head writes to the residual stream, before the sum and <c>b_O</c>.</summary>
    public HookPoint HookResult { get; }

    /// <summary>The configuration.</summary>
    public CrossAttentionConfig Config { get; }

    /// <summary>Computes what cross-attention writes.</summary>
    /// <param name="x">What queries read, <c>[rows, d_model]</c>, or <c>[rows, head, d_model]</c> when split per head.</param>
    /// <param name="pass">The decoder's run, whose memory is attended to.</param>
    /// <returns><c>[rows, d_model]</c>.</returns>
    internal Tensor Forward(Tensor x, Pass pass)
    {
        var memory = pass.Memory ?? throw new InvalidOperationException($"{Path} ran without an encoded input.");
        var q = pass.Apply(HookQ, x.dim() == 3 ? Linear.PerHead(x, WQ, BQ) : Linear.Apply(x, WQ, BQ).view(x.shape[0], Config.NHeads, -1));
        var (keys, values) = memory.Projected(Scope.Layer, rows => (Project(rows, WK, BK, memory), Project(rows, WV, BV, memory)));
        keys = Shown(HookK, keys, memory, pass);
        values = Shown(HookV, values, memory, pass);

        var queries = q.Times(Config.Scale).view(memory.Batch, -1, Config.NHeads, Config.DHead);
        var scores = Heads(queries).bmm(Heads(keys).transpose(1, 2)).view(memory.Batch, Config.NHeads, -1, memory.Length);
        scores = memory.Blocked is { } blocked ? scores.FilledWhere(blocked, double.NegativeInfinity) : scores;
        var pattern = pass.Apply(HookPattern, Softmax(pass.Apply(HookAttnScores, scores, 0), memory.Blocked is not null), 0);
        var z = pattern.reshape(memory.Batch * Config.NHeads, -1, memory.Length).bmm(Heads(values)).view(memory.Batch, Config.NHeads, -1, Config.DHead);
        return Output(pass.Apply(HookZ, z.transpose(1, 2).reshape(-1, Config.NHeads, Config.DHead)), pass);
    }

    /// <summary>Shows keys or values; a hook that changes them in place changes a copy where they are kept.</summary>
    private static Tensor Shown(HookPoint point, Tensor x, EncoderMemory memory, Pass pass) => pass.Apply(point, memory.IsKept && pass.Listens(point) ? x.clone() : x, 0);

    private Tensor Output(Tensor z, Pass pass)
    {
        if (!pass.Listens(HookResult))
        {
            return Linear.Apply(z.reshape(z.shape[0], -1), WO, BO);
        }

        var sum = pass.Apply(HookResult, z.transpose(0, 1).bmm(WO.Value).transpose(0, 1)).sum([1]);
        return BO.IsBound ? sum.Plus(BO.Value) : sum;
    }

    private Tensor Project(Tensor rows, Weight weight, Weight bias, EncoderMemory memory) => Linear.Apply(rows, weight, bias).view(memory.Batch, memory.Length, Config.NHeads, -1);

    private static Tensor Heads(Tensor x) => x.transpose(1, 2).reshape(x.shape[0] * x.shape[2], x.shape[1], x.shape[3]);

    private static Tensor Softmax(Tensor scores, bool mayBeEmpty)
    {
        var wide = scores.dtype is torch.ScalarType.Float16 or torch.ScalarType.BFloat16 ? scores.to(torch.float32) : scores;
        var pattern = wide.softmax(-1);
        return (mayBeEmpty ? pattern.FilledWhere(pattern.isnan(), 0) : pattern).to(scores.dtype);
    }
}
